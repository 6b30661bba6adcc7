"""Encoding on AWS makes the ladder that a local ingest makes, where a stage asks for it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import validate_parameters

from infra_cdk.app import chosen_transcoding
from infra_cdk.refusals import RefusedError
from infra_cdk.transcoding import RUNGS, SEGMENT_SECONDS, machine, settings
from reprise.domain.qualities import BEST_OF_PLAN, LADDER, allowed_qualities
from tests.infra.conftest import Template

NAMES = {"inbox": "inbox", "media": "media", "job_role": "arn:role", "bus": "media-bus"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    import aws_cdk as cdk  # noqa: PLC0415 - starting its engine takes seconds
    from aws_cdk import aws_s3 as s3  # noqa: PLC0415

    from infra_cdk.environments import STAGING  # noqa: PLC0415
    from infra_cdk.media_stack import MediaStack  # noqa: PLC0415

    outdir = tmp_path_factory.mktemp("media")
    context = json.loads(Path("cdk.json").read_text(encoding="utf-8"))["context"]
    app = cdk.App(outdir=str(outdir), context=context, analytics_reporting=False)
    files = cdk.Stack(app, "files")
    MediaStack(
        app,
        "media",
        environment=STAGING,
        media_bucket=s3.Bucket(files, "Media"),
        env=cdk.Environment(),
    )
    return Template(app.synth().get_stack_by_name("media").template)


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


def test_each_plan_gets_a_playlist_of_what_it_may_play() -> None:
    streams = settings(rungs=RUNGS[1:], source="s3://in/f", folder="s3://out/")["OutputGroups"][0]
    group = streams["OutputGroupSettings"]["CmafGroupSettings"]
    outputs = {output["NameModifier"] for output in streams["Outputs"]}
    listed = {m["ManifestNameModifier"]: m["SelectedOutputs"] for m in group["AdditionalManifests"]}
    assert set(listed) == {f"-{plan}" for plan in BEST_OF_PLAN}
    for plan in BEST_OF_PLAN:
        wanted = [f"-{name}" for name in allowed_qualities(plan) if name != "4k"]
        assert listed[f"-{plan}"] == [*wanted, "-audio"]
        assert set(listed[f"-{plan}"]) <= outputs


def test_every_state_leads_somewhere_and_every_source_to_a_job() -> None:
    states = machine(**NAMES)["States"]
    choices = states["Choose"]["Choices"]
    assert [choice["Next"] for choice in choices[:-1]] == [f"Encode{rung.name}" for rung in RUNGS]
    assert choices[-1]["Next"] == f"Encode{RUNGS[-1].name}"
    assert states["Choose"]["Default"] == "Refuse"
    nexts = {choice["Next"] for choice in choices} | {"Refuse", "Probe", "Choose"}
    for state in states.values():
        nexts |= {state["Next"]} if "Next" in state else set()
        nexts |= {catch["Next"] for catch in state.get("Catch", [])}
    assert nexts == set(states)


def test_expressions_name_the_folder_that_a_local_ingest_would(template: Template) -> None:
    states: Mapping[str, Any] = machine(**NAMES)["States"]
    groups = states["Encode720p"]["Arguments"]["Settings"]["OutputGroups"]
    streams, storyboard = (group["OutputGroupSettings"] for group in groups)
    folder = "'media/' & $order.titleId & '/' & $order.itemId & '/' & $order.version & '/'"
    assert streams["CmafGroupSettings"]["Destination"] == f"{{% 's3://media/' & {folder} %}}"
    destination = storyboard["FileGroupSettings"]["Destination"]
    assert destination == f"{{% 's3://media/' & {folder} & 'storyboard/' %}}"
    assert len(json.dumps(template.only("AWS::StepFunctions::StateMachine").body)) < 1_000_000


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
    others = {action for action in wide if not action.startswith(("xray:", "logs:"))}
    assert others == {"mediaconvert:Probe"}
    assert passed == ["mediaconvert.amazonaws.com"]


@pytest.mark.parametrize(("said", "wanted"), [(None, False), ("mediaconvert", True)])
def test_the_switch_says_whether(said: str | None, wanted: bool) -> None:
    assert chosen_transcoding(said, delivery=True) is wanted


@pytest.mark.parametrize(("said", "delivery"), [("ffmpeg", True), ("mediaconvert", False)])
def test_a_switch_that_cannot_be_meant_is_refused(said: str, delivery: bool) -> None:
    with pytest.raises(RefusedError, match="transcode=mediaconvert"):
        chosen_transcoding(said, delivery=delivery)
