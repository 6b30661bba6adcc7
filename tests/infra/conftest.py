"""Every stage, synthesised once in this process: no credentials, no network, no built layers."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NODE = ROOT / "node_modules" / ".bin" / "node"
if _NODE.exists():
    # The library behind aws_cdk warns at length about an older Node that may stand on the PATH.
    os.environ.setdefault("JSII_NODE", str(_NODE))

CONFIG: Mapping[str, Any] = {
    "redisUrl": "redis://127.0.0.1:16379/0",
    "cassandra": {"host": "127.0.0.1", "port": 19042, "keyspace": "reprise"},
    "postgresUrl": "postgresql://reprise@127.0.0.1:15432/reprise",
    "jwks": {"keys": [{"kty": "RSA", "kid": "test", "n": "AQAB", "e": "AQAB"}]},
    "mediaUrl": "http://127.0.0.1:18080/media",
    "edgeStore": {
        "arn": "arn:aws:cloudfront::127:key-value-store/7e0c1f6e-8d0b-4f0e-9a37-5d1c0b6b1a20",
        "url": "http://0.0.1:18070",
    },
    "cursorSecret": "not-a-secret",
    "edgeSecret": "not-a-secret-either",
    "flushMinutes": 5,
    "architecture": "x86_64",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template, with its logical id."""

    id: str
    type: str
    body: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.body.get("Properties", {})
        return found


@dataclass(frozen=True, slots=True)
class Template:
    """What CloudFormation would get."""

    body: Mapping[str, Any]

    def all(self, type_: str | None = None) -> list[Resource]:
        return [
            Resource(id_, body["Type"], body)
            for id_, body in self.body["Resources"].items()
            if type_ in (None, body["Type"])
        ]

    def only(self, type_: str, **properties: object) -> Resource:
        found = [
            resource
            for resource in self.all(type_)
            if all(resource.properties.get(name) == value for name, value in properties.items())
        ]
        assert len(found) == 1, f"{len(found)} of {type_} with {properties}"
        return found[0]

    def function(self, name: str) -> Resource:
        return self.only("AWS::Lambda::Function", FunctionName=name)


@dataclass(frozen=True, slots=True)
class Stage:
    """One synthesised stage."""

    name: str
    service: Template
    data: Template | None


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Stage]:
    folder = tmp_path_factory.mktemp("infra")
    return {name: synthesise(name, folder / name) for name in ("local", "staging", "production")}


@pytest.fixture(scope="session")
def local(stages: Mapping[str, Stage]) -> Template:
    return stages["local"].service


@pytest.fixture(scope="session")
def staging(stages: Mapping[str, Stage]) -> Template:
    return stages["staging"].service


@pytest.fixture(params=["local", "staging", "production"])
def any_stage(request: pytest.FixtureRequest, stages: Mapping[str, Stage]) -> Stage:
    return stages[request.param]


@pytest.fixture(params=["staging", "production"])
def aws_stage(request: pytest.FixtureRequest, stages: Mapping[str, Stage]) -> Stage:
    return stages[request.param]


def synthesise(
    name: str, folder: Path, *, config: Mapping[str, Any] = CONFIG, version: str = "9.9.9"
) -> Stage:
    """Build one stage from empty handlers and empty layers, as the app would."""
    import aws_cdk as cdk  # noqa: PLC0415 - starting its engine takes seconds

    from infra_cdk.app import add_stacks  # noqa: PLC0415
    from infra_cdk.environments import ENVIRONMENTS  # noqa: PLC0415
    from infra_cdk.local_stores import adapted  # noqa: PLC0415

    environment = ENVIRONMENTS[name]
    if environment.stores is None:
        environment = adapted(environment=environment, config=config)
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = cdk.App(outdir=str(folder / "out"), context=context, analytics_reporting=False)
    add_stacks(
        app=app,
        environment=environment,
        config=config,
        sources=stub_sources(folder / "sources"),
        version=version,
    )
    assembly = app.synth()
    templates = {stack.stack_name: Template(stack.template) for stack in assembly.stacks}
    return Stage(name, templates[f"reprise-{name}"], templates.get(f"reprise-{name}-data"))


def stub_sources(folder: Path) -> Any:
    """Return a handler per row and a file per layer, so that assets differ and are small."""
    from infra_cdk.app import Sources  # noqa: PLC0415
    from infra_cdk.kinds import CORE_LAYER, MEDIA_LAYERS, WHEEL_LAYERS  # noqa: PLC0415
    from infra_cdk.routes import EVERY_FUNCTION  # noqa: PLC0415

    for row in EVERY_FUNCTION:
        handler = folder / "functions" / row.folder / "handler.py"
        handler.parent.mkdir(parents=True, exist_ok=True)
        handler.write_text(f'"""{row.folder}"""\n', encoding="utf-8")
    layers = {}
    for name in (CORE_LAYER, *WHEEL_LAYERS, *MEDIA_LAYERS):
        layers[name] = folder / "layers" / f"{name}-stub"
        (layers[name] / "python").mkdir(parents=True, exist_ok=True)
        (layers[name] / "python" / f"{name}.py").write_text("", encoding="utf-8")
    return Sources(functions=folder / "functions", layers=layers)
