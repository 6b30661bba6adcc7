"""From a stage's name to its stacks. No call to any cloud: synthesis needs no credentials.

`-c stage=local|staging|production` chooses the stage, `-c config=<file>` gives the local one its
stores' addresses, `-c version=<text>` overrides the version that functions report.
"""

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk

from infra_cdk.acknowledgements import DATA, DATA_THROWN_AWAY, SERVICE, acknowledge
from infra_cdk.data_stack import DataStack
from infra_cdk.environments import ENVIRONMENTS, Environment
from infra_cdk.layer_build import build_sources, build_wheels
from infra_cdk.local_stores import adapted, local_stores, read_config
from infra_cdk.refusals import RefusedError, refuse_wrong_endpoint
from infra_cdk.routes import CORE_LAYER, FUNCTIONS, WHEEL_LAYERS
from infra_cdk.service_stack import ServiceStack
from infra_cdk.stores import Stores

ROOT = Path(__file__).resolve().parent.parent
_STAGES = "|".join(ENVIRONMENTS)
BUILT_LAYERS = ROOT / ".local" / "build" / "layers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What goes into the functions: their folders and the built layers, by name."""

    functions: Path
    layers: Mapping[str, Path]


def built_sources(*, architecture: str) -> Sources:
    """Build what has changed since the last time and return where it all is."""
    functions = ROOT / "functions"
    missing = [
        row.folder for row in FUNCTIONS if not (functions / row.folder / "handler.py").is_file()
    ]
    if missing:
        raise RefusedError(
            f"no handler.py under functions/ for {', '.join(missing)}: write it or take its row "
            "out of infra_cdk/routes.py",
        )
    layers = {
        CORE_LAYER: build_sources(
            name=CORE_LAYER, source=ROOT / "layers" / CORE_LAYER, into=BUILT_LAYERS
        )
    }
    for name in WHEEL_LAYERS:
        layers[name] = build_wheels(
            name=name,
            requirements=ROOT / "layers" / name / "requirements.txt",
            architecture=architecture,
            into=BUILT_LAYERS,
        )
    return Sources(functions=functions, layers=layers)


def chosen(*, app: cdk.App) -> tuple[Environment, Mapping[str, object]]:
    """Return the stage the command line names, with the local config where it has one."""
    stage = app.node.try_get_context("stage")
    environment = ENVIRONMENTS.get(str(stage))
    if environment is None:
        raise RefusedError(f"choose a stage: -c stage={_STAGES} (given: {stage})")
    refuse_wrong_endpoint(local=environment.stores is None, variables=os.environ)
    if environment.stores is not None:
        return environment, {}
    path = app.node.try_get_context("config")
    if path is None:
        raise RefusedError("the local stage needs -c config=<deploy.json>: `make run` writes one")
    config = read_config(Path(path))
    return adapted(environment=environment, config=config), config


def add_stacks(
    *,
    app: cdk.App,
    environment: Environment,
    config: Mapping[str, object],
    sources: Sources,
    version: str,
) -> ServiceStack:
    """Add a stage's stacks: the stores where it owns any, and the service on top of them."""
    env = cdk.Environment(account=environment.account, region=environment.region)
    stores: Stores
    if environment.stores is None:
        stores = local_stores(stage=environment.stage, config=config)
    else:
        data = DataStack(
            app,
            f"reprise-{environment.stage}-data",
            environment=environment,
            sizes=environment.stores,
            env=env,
        )
        stores = data.stores()
        acknowledge(data, DATA, *(() if environment.retain else (DATA_THROWN_AWAY,)))
    service = ServiceStack(
        app,
        f"reprise-{environment.stage}",
        environment=environment,
        stores=stores,
        functions_folder=sources.functions,
        layer_folders=sources.layers,
        version=version,
        env=env,
    )
    if environment.stores is not None:
        acknowledge(service, SERVICE)
    return service


def project_version() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def main() -> None:
    app = cdk.App(analytics_reporting=False)
    try:
        environment, config = chosen(app=app)
        sources = built_sources(architecture=environment.architecture)
    except RefusedError as refused:
        sys.exit(f"reprise: {refused}")
    add_stacks(
        app=app,
        environment=environment,
        config=config,
        sources=sources,
        version=app.node.try_get_context("version") or project_version(),
    )
    app.synth()


if __name__ == "__main__":
    main()
