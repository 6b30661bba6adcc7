"""Encoding on AWS makes the ladder that a local ingest makes, where a stage asks for it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import validate_parameters

from infra_cdk.app import chosen_transcoding
from infra_cdk.encoding_job import (
    MEDIA_PREFIX,
    RUNGS,
    SEGMENT_SECONDS,
    WRITTEN_BESIDE,
    settings,
)
from infra_cdk.refusals import RefusedError
from infra_cdk.transcoding import machine
from infra_cdk.workers import PUBLISH_ENCODED
from reprise.domain import package_checks, packages
from reprise.domain.errors import NotFoundError, UnavailableError
from reprise.domain.media import MEDIA_FOLDER, master_name
from reprise.domain.packages import Encoding, UnfitPackageError
from reprise.domain.qualities import BEST_OF_PLAN, LADDER, allowed_qualities
from reprise.edge.consumers import BadMessageError
from reprise.edge.encodings import read_encoding
from tests.infra.conftest import ROOT, Template, stub_sources
from tests.infra.test_handlers_start import start
from tests.infra.test_rule_packs import DELIVERY_SETTINGS
from tests.packaged import Folder, folder_of

NAMES = {"inbox": "inbox", "media": "media", "job_role": "arn:role", "publisher": "arn:function"}
FUNCTION = "reprise-staging-media-publish-encoded"


def synthesise(folder: Path, *, transcode: bool) -> Mapping[str, Template]:
    """Return the templates of a stage on AWS with an edge, by stack."""
    import aws_cdk as cdk  # noqa: PLC0415 - starting its engine takes seconds

    from infra_cdk.app import add_stacks  # noqa: PLC0415
    from infra_cdk.environments import STAGING  # noqa: PLC0415

    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = cdk.App(outdir=str(folder / "out"), context=context, analytics_reporting=False)
    add_stacks(
        app=app,
        environment=STAGING,
        config={},
        sources=stub_sources(folder / "sources"),
        version="9.9.9",
        delivery=DELIVERY_SETTINGS,
        transcode=transcode,
    )
    stacks = app.synth().stacks
    return {stack.stack_name: Template(stack.template) for stack in stacks}


@pytest.fixture(scope="module")
def encoding_stage(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Template]:
    return synthesise(tmp_path_factory.mktemp("media"), transcode=True)


@pytest.fixture(scope="module")
def template(encoding_stage: Mapping[str, Template]) -> Template:
    return encoding_stage["reprise-staging-media"]


def every(shape: Any, value: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Give every text of a request that its model holds to a list of words."""
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from every(shape.members[name], inner)
    elif shape.type_name == "list":
        for inner in value:
            yield from every(shape.member, inner)
    elif shape.type_name == "map":
        for inner in value.values():
            yield from every(shape.value, inner)
    elif getattr(shape, "enum", None):
        yield shape.name, value, shape.enum


def test_the_ladder_is_the_one_of_the_domain() -> None:
    assert [rung[:4] for rung in RUNGS] == [
        (quality.name, quality.width, quality.height, quality.bitrate) for quality in LADDER
    ]
    for plan in BEST_OF_PLAN:
        names = tuple(rung.name for rung in RUNGS if plan in rung.plans)
        assert names == allowed_qualities(plan)


@pytest.mark.parametrize("best", range(len(RUNGS)))
def test_every_job_is_one_that_mediaconvert_understands(best: int) -> None:
    model = botocore.session.get_session().get_service_model("mediaconvert")
    shape = model.operation_model("CreateJob").input_shape
    assert shape is not None
    made = settings(rungs=RUNGS[best:], source="s3://in/film.mov", folder="s3://out/folder/")
    request = {"Role": "arn:role", "Settings": made}
    validate_parameters(request, shape)
    assert not [(name, word) for name, word, words in every(shape, request) if word not in words]


def test_every_rung_of_a_job_has_the_same_keyframes_and_its_own_ceiling() -> None:
    streams = settings(rungs=RUNGS, source="s3://in/f", folder="s3://out/")["OutputGroups"][0]
    *pictures, sound = streams["Outputs"]
    for rung, picture in zip(RUNGS, pictures, strict=True):
        h264 = picture["VideoDescription"]["CodecSettings"]["H264Settings"]
        assert (h264["GopSize"], h264["GopSizeUnits"]) == (SEGMENT_SECONDS, "SECONDS")
        assert h264["MaxBitrate"] == rung.bitrate
        assert picture["VideoDescription"]["ScalingBehavior"] == "FIT_NO_UPSCALE"
    assert sound["AudioDescriptions"]


def test_files_have_the_names_that_the_core_looks_for() -> None:
    made = settings(rungs=RUNGS[1:], source="s3://in/My film.mov", folder="s3://out/t/i/v/")
    streams, pictures = made["OutputGroups"]
    group = streams["OutputGroupSettings"]["CmafGroupSettings"]
    assert group["Destination"] == f"s3://out/t/i/v/{packages.BASE}"
    assert "AdditionalManifests" not in group
    modifiers = [output["NameModifier"] for output in streams["Outputs"]]
    assert modifiers == [*(f"-{rung.name}" for rung in RUNGS[1:]), "-audio"]
    destination = pictures["OutputGroupSettings"]["FileGroupSettings"]["Destination"]
    assert destination == f"s3://out/t/i/v/{packages.PICTURES}/{packages.BASE}"
    assert [output["NameModifier"] for output in pictures["Outputs"]] == ["-thumbnail"]
    folder = folder_of(seconds=10.0, best="1080p")
    assert set(package_checks.pictures_of(a_package(folder), 10.0)) == {
        f"{packages.BASE}-thumbnail.{number:07}.jpg" for number in range(3)
    }


def a_package(folder: Folder) -> packages.Package:
    return packages.Package(packages.MasterPlaylist(variants=()), {}, folder.sizes)


def test_what_the_core_writes_beside_them_is_all_that_it_may_write() -> None:
    assert {
        *(master_name(plan) for plan in BEST_OF_PLAN),
        packages.STORYBOARD,
    } == set(WRITTEN_BESIDE)
    assert MEDIA_PREFIX == MEDIA_FOLDER
    encoded = folder_of(seconds=10.0).sizes
    assert not [name for name in encoded if name.endswith(WRITTEN_BESIDE)]


def test_every_state_leads_somewhere_and_every_source_to_a_job() -> None:
    states = machine(**NAMES)["States"]
    choices = states["Choose"]["Choices"]
    assert [choice["Next"] for choice in choices[:-1]] == [f"Encode{rung.name}" for rung in RUNGS]
    assert choices[-1]["Next"] == f"Encode{RUNGS[-1].name}"
    assert states["Choose"]["Default"] == "NoPictures"
    nexts = {choice["Next"] for choice in choices} | {"NoPictures", "Probe", "Choose"}
    for state in states.values():
        nexts |= {state["Next"]} if "Next" in state else set()
        nexts |= {catch["Next"] for catch in state.get("Catch", [])}
    assert nexts == set(states)


def test_every_encoding_ends_in_the_catalog_or_says_why_not() -> None:
    states = machine(**NAMES)["States"]
    for rung in RUNGS:
        encode = states[f"Encode{rung.name}"]
        assert (encode["Next"], encode["Assign"]) == ("Publish", {"best": rung.name})
    publish = states["Publish"]
    assert publish["End"] is True
    assert publish["Arguments"]["FunctionName"] == "arn:function"
    for name in ("Probe", "Publish", *(f"Encode{rung.name}" for rung in RUNGS)):
        assert states[name]["Catch"] == [{"ErrorEquals": ["States.ALL"], "Next": "Refuse"}]
    assert states["Refuse"] == {
        "Type": "Fail",
        "Error": "{% $states.input.Error %}",
        "Cause": "{% $states.input.Cause %}",
    }


def test_only_what_may_pass_is_tried_again() -> None:
    [retry] = machine(**NAMES)["States"]["Publish"]["Retry"]
    assert UnavailableError.__name__ in retry["ErrorEquals"]
    refusals = {UnfitPackageError.__name__, NotFoundError.__name__, BadMessageError.__name__}
    assert not refusals & set(retry["ErrorEquals"])
    assert not [name for name in retry["ErrorEquals"] if name.startswith("States.")]


def test_the_function_understands_what_the_machine_asks() -> None:
    asked = machine(**NAMES)["States"]["Publish"]["Arguments"]["Payload"]
    item = "4b6d3c52-3f1e-4c0a-9a55-0f0a51d0a001"
    values = {
        "{% $order.titleId %}": item,
        "{% $order.itemId %}": item,
        "{% $order.version %}": "v-1",
        "{% $best %}": "720p",
        "{% $seconds %}": 40.0,
        "{% $order.setDuration = true %}": False,
    }
    sent = {name: values[expression] for name, expression in asked.items()}
    assert read_encoding(sent) == Encoding(item, item, "v-1", "720p", 40.0)


def test_expressions_name_the_folder_that_a_local_ingest_would(template: Template) -> None:
    states: Mapping[str, Any] = machine(**NAMES)["States"]
    groups = states["Encode720p"]["Arguments"]["Settings"]["OutputGroups"]
    streams, storyboard = (group["OutputGroupSettings"] for group in groups)
    folder = "'media/' & $order.titleId & '/' & $order.itemId & '/' & $order.version & '/'"
    wanted = f"{{% 's3://media/' & {folder} & 'stream' %}}"
    assert streams["CmafGroupSettings"]["Destination"] == wanted
    destination = storyboard["FileGroupSettings"]["Destination"]
    assert destination == f"{{% 's3://media/' & {folder} & 'storyboard/stream' %}}"
    assert len(json.dumps(template.only("AWS::StepFunctions::StateMachine").body)) < 1_000_000


def test_only_a_stage_that_encodes_has_the_function_and_its_way_to_files(
    encoding_stage: Mapping[str, Template], tmp_path: Path
) -> None:
    for name, stack in encoding_stage.items():
        functions = [f.properties["FunctionName"] for f in stack.all("AWS::Lambda::Function")]
        assert (FUNCTION in functions) == (name == "reprise-staging-media")
        endpoints = stack.all("AWS::EC2::VPCEndpoint")
        gateways = [e for e in endpoints if e.properties["VpcEndpointType"] == "Gateway"]
        assert len(gateways) == (1 if name == "reprise-staging-media" else 0)
    without = synthesise(tmp_path, transcode=False)
    assert "reprise-staging-media" not in without
    for stack in without.values():
        assert not [
            f
            for f in stack.all("AWS::Lambda::Function")
            if f.properties["FunctionName"] == FUNCTION
        ]
        layers = [v.properties["LayerName"] for v in stack.all("AWS::Lambda::LayerVersion")]
        assert not [name for name in layers if "playlists" in name]


def test_the_function_has_its_variables_its_layers_and_the_private_network(
    template: Template,
) -> None:
    function = template.function(FUNCTION).properties
    names = set(function["Environment"]["Variables"])
    redis = {"REDIS_URL", "REDIS_CLUSTER", "REDIS_TIMEOUT_MS"}
    live = {"LIVE_TTL_SECONDS", "ROW_TTL_SECONDS"}
    assert redis | live | {"POSTGRES_SECRET_ID", "POSTGRES_HOST", "MEDIA_BUCKET"} <= names
    assert not names & {"JWKS", "EDGE_SECRET", "CURSOR_SECRET", "CASSANDRA_HOSTS"}
    layers = {
        version.id: version.properties["LayerName"]
        for version in template.all("AWS::Lambda::LayerVersion")
    }
    assert {layers[layer["Ref"]] for layer in function["Layers"]} == {
        f"reprise-staging-media-{name}" for name in ("core", "web", "postgres", "playlists")
    }
    assert len(function["VpcConfig"]["SecurityGroupIds"]) == 2
    assert function["Timeout"] == 120


def test_the_function_starts_with_what_the_template_tells_it(template: Template) -> None:
    start(PUBLISH_ENCODED, template, stage="staging")


def test_the_function_reads_playlists_and_writes_nothing_that_an_encoder_does(
    template: Template,
) -> None:
    found: dict[str, tuple[list[str], Any]] = {}
    for statement in statements(template, "PublisherPublishEncodedRole"):
        for action in listed(statement["Action"]):
            if action.startswith("s3:"):
                resources = [written_out(r) for r in listed(statement["Resource"])]
                found[action] = (resources, statement.get("Condition"))
    assert set(found) == {"s3:ListBucket", "s3:GetObject", "s3:PutObject"}
    _, condition = found["s3:ListBucket"]
    assert condition == {"StringLike": {"s3:prefix": "media/*"}}
    assert [r.rpartition(">/")[2] for r in found["s3:GetObject"][0]] == ["media/*.m3u8"]
    written = [r.rpartition(">/")[2] for r in found["s3:PutObject"][0]]
    assert sorted(written) == sorted(f"media/*/{name}" for name in WRITTEN_BESIDE)


def test_only_the_machine_calls_the_function(template: Template) -> None:
    callers = {
        policy.properties["Roles"][0]["Ref"]
        for policy in template.all("AWS::IAM::Policy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if "lambda:InvokeFunction" in listed(statement["Action"])
    }
    assert len(callers) == 1
    assert next(iter(callers)).startswith("EncodeRole")
    assert not template.all("AWS::Lambda::Permission")


def test_the_way_to_files_leads_to_this_account_alone(template: Template) -> None:
    endpoint = template.only("AWS::EC2::VPCEndpoint").properties
    [statement] = endpoint["PolicyDocument"]["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}
    }
    assert not [action for action in statement["Action"] if "*" in action]
    group = template.only("AWS::EC2::SecurityGroup").properties
    assert [(rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupEgress"]] == [
        (443, 443)
    ]
    assert "SecurityGroupIngress" not in group


def statements(template: Template, role: str) -> Iterator[Mapping[str, Any]]:
    for policy in template.all("AWS::IAM::Policy"):
        if policy.properties["Roles"][0]["Ref"].startswith(role):
            yield from policy.properties["PolicyDocument"]["Statement"]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def written_out(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(written_out(part) for part in value["Fn::Join"][1])
    return f"<{next(iter(value.values()))}>"


def test_the_inbox_is_private_and_empties_itself(template: Template) -> None:
    inbox = template.only("AWS::S3::Bucket").properties
    assert set(inbox["PublicAccessBlockConfiguration"].values()) == {True}
    assert inbox["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 30


def test_only_probe_traces_and_logs_are_allowed_on_everything(template: Template) -> None:
    wide: set[str] = set()
    passed = []
    for policy in template.all("AWS::IAM::Policy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            action = statement["Action"]
            actions = [action] if isinstance(action, str) else action
            wide |= set(actions) if statement["Resource"] == "*" else set()
            if "iam:PassRole" in actions:
                passed.append(statement["Condition"]["StringEquals"]["iam:PassedToService"])
    others = {action for action in wide if not action.startswith(("xray:", "logs:", "ec2:"))}
    assert others == {"mediaconvert:Probe"}
    assert passed == ["mediaconvert.amazonaws.com"]


@pytest.mark.parametrize(("said", "wanted"), [(None, False), ("mediaconvert", True)])
def test_the_switch_says_whether(said: str | None, wanted: bool) -> None:
    assert chosen_transcoding(said, delivery=True) is wanted


@pytest.mark.parametrize(("said", "delivery"), [("ffmpeg", True), ("mediaconvert", False)])
def test_a_switch_that_cannot_be_meant_is_refused(said: str, delivery: bool) -> None:
    with pytest.raises(RefusedError, match="transcode=mediaconvert"):
        chosen_transcoding(said, delivery=delivery)
