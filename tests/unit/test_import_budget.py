"""What a route may load before its first request: a cold start pays for every module."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from infra_cdk.routes import EVERY_FUNCTION
from tests.harness.functions import ENVIRONMENT

ROOT = Path(__file__).parents[2]

HOT = (
    *("stream/record_progress", "stream/record_batch", "playstate/list_continue_watching"),
    *("stream/play_film", "stream/play_episode", "stream/refresh_grant"),
)
PLACES = (*HOT, "playstate/hide_title", "playstate/list_history", "playstate/mark_watched")
DRIVERS = ("boto3", "botocore", "cassandra", "psycopg", "confluent_kafka")
MOST_MODULES = 700

SCRIPT = """
import importlib, json, sys
before = len(sys.modules)
importlib.import_module(sys.argv[1])
print(json.dumps({"count": len(sys.modules) - before, "names": sorted(sys.modules)}))
"""


@cache
def loaded_by(folder: str) -> tuple[int, set[str]]:
    """Return how many modules a fresh interpreter loads for a handler, and their packages."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, f"functions.{folder.replace('/', '.')}.handler"],
        cwd=ROOT,
        env={
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/core/python'}",
            **ENVIRONMENT,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    return found["count"], {name.partition(".")[0] for name in found["names"]}


@pytest.mark.parametrize("folder", [*PLACES, "playstate/unmark_watched"])
def test_a_route_about_places_loads_no_driver_but_redis(folder: str) -> None:
    count, packages = loaded_by(folder)
    assert packages.isdisjoint(DRIVERS)
    assert count <= MOST_MODULES


@pytest.mark.parametrize("folder", [function.folder for function in EVERY_FUNCTION])
def test_no_function_loads_the_sdk_before_it_needs_it(folder: str) -> None:
    assert loaded_by(folder)[1].isdisjoint({"boto3", "botocore", "confluent_kafka"})
