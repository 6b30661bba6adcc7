"""From a stage's name to its stacks. No call to any cloud: synthesis needs no credentials.

`-c stage=local|staging|production` chooses the stage, `-c config=<file>` gives the local one its
stores' addresses, `-c delivery=<file>` gives a stage on AWS its edge, `-c version=<text>` overrides
the version that functions report.
"""

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk

from infra_cdk import acknowledgements
from infra_cdk.acknowledgements import DATA, DATA_THROWN_AWAY, DELIVERY, SERVICE, acknowledge
from infra_cdk.data_stack import DataStack
from infra_cdk.delivery_settings import DeliverySettings
from infra_cdk.delivery_stack import DeliveryStack
from infra_cdk.environments import ENVIRONMENTS, Environment
from infra_cdk.kinds import CORE_LAYER, MEDIA_LAYERS, WHEEL_LAYERS
from infra_cdk.layer_build import build_sources, build_wheels
from infra_cdk.local_stores import adapted, local_stores, read_config
from infra_cdk.media_stack import MediaStack
from infra_cdk.refusals import RefusedError, refuse_wrong_endpoint
from infra_cdk.routes import EVERY_FUNCTION
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


def built_sources(*, architecture: str, transcode: bool = False) -> Sources:
    """Build what has changed since the last time and return where it all is."""
    functions = ROOT / "functions"
    missing = [
        row.folder
        for row in EVERY_FUNCTION
        if not (functions / row.folder / "handler.py").is_file()
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
    for name in (*WHEEL_LAYERS, *(MEDIA_LAYERS if transcode else ())):
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
    delivery: DeliverySettings | None = None,
    transcode: bool = False,
) -> ServiceStack:
    """Add a stage's stacks: its stores if it owns any, the service, an edge if `delivery` says how.

    The local stage has an edge of this machine's instead, whatever `delivery` says.
    """
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
        stores = data.stores(
            media_url=delivery.media_url if delivery else None,
            edge_store_arn=delivery.edge_store_arn if delivery else None,
        )
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
    if delivery is not None and environment.stores is not None:
        api = service.rest_api.api
        files = DeliveryStack(
            app,
            f"reprise-{environment.stage}-delivery",
            environment=environment,
            settings=delivery,
            api_domain=f"{api.rest_api_id}.execute-api.{service.region}.{service.url_suffix}",
            edge_secret=stores.edge_secret,
            env=env,
        )
        acknowledge(files, DELIVERY)
        if transcode:
            encoding = MediaStack(
                app,
                f"reprise-{environment.stage}-media",
                environment=environment,
                media_bucket=files.buckets.media,
                network=stores.network,
                wiring=service.wiring,
                functions_folder=sources.functions,
                layer_folders=sources.layers,
                env=env,
            )
            acknowledge(encoding, acknowledgements.media(environment.stage))
    return service


def chosen_transcoding(said: str | None, *, delivery: bool) -> bool:
    """Say whether the stage encodes on AWS; `said` is the context's `transcode`.

    Raises:
        RefusedError: it is something else, or there is no bucket to encode into.
    """
    if said is None:
        return False
    if said != "mediaconvert" or not delivery:
        raise RefusedError(
            "encoding on AWS is -c transcode=mediaconvert, with -c delivery=<file> for its bucket"
        )
    return True


def chosen_delivery(*, app: cdk.App) -> DeliverySettings | None:
    """Return what the command line says of the edge.

    Raises:
        RefusedError: the file that it names is wrong.
    """
    path = app.node.try_get_context("delivery")
    return None if path is None else DeliverySettings.read(Path(path))


def project_version() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def main() -> None:
    app = cdk.App(analytics_reporting=False)
    try:
        environment, config = chosen(app=app)
        delivery = chosen_delivery(app=app)
        transcode = chosen_transcoding(
            app.node.try_get_context("transcode"), delivery=delivery is not None
        )
        sources = built_sources(architecture=environment.architecture, transcode=transcode)
    except RefusedError as refused:
        sys.exit(f"reprise: {refused}")
    add_stacks(
        app=app,
        environment=environment,
        config=config,
        sources=sources,
        version=app.node.try_get_context("version") or project_version(),
        delivery=delivery,
        transcode=transcode,
    )
    app.synth()


if __name__ == "__main__":
    main()
