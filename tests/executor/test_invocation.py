"""What a function is told, what its caller gets, and what ends up in the log."""

import base64
import json
import re
import statistics
import time

import pytest

from tests.executor.cloud import Cloud, eventually

pytestmark = pytest.mark.cloud

SHOW = """
    import os, sys

    def handle(event, context):
        return {
            "env": dict(os.environ),
            "path": sys.path,
            "cwd": os.getcwd(),
            "pid": os.getpid(),
            "request_id": context.aws_request_id,
            "memory": context.memory_limit_in_mb,
            "left": context.get_remaining_time_in_millis(),
            "arn": context.invoked_function_arn,
            "name": context.function_name,
            "version": context.function_version,
            "group": context.log_group_name,
            "stream": context.log_stream_name,
            "custom": context.client_context.custom if context.client_context else None,
            "modules": sorted(sys.modules),
        }
"""


@pytest.fixture(scope="module")
def show(cloud: Cloud) -> str:
    return cloud.deploy(
        SHOW, Timeout=7, MemorySize=256, variables={"WORD": "a b", "TZ_OF_MINE": "1"}
    )


def test_event_and_result_pass_unchanged(cloud: Cloud) -> None:
    name = cloud.deploy("def handle(event, context):\n    return {'got': event}")
    event = {"text": "ü€😀", "number": 1.5, "nothing": None, "list": [1, [2]]}
    assert cloud.invoke(name, event).payload == {"got": event}


def test_context_tells_request_id_memory_time_left_and_names(cloud: Cloud, show: str) -> None:
    reply = cloud.invoke(show)
    seen = reply.payload
    assert re.search(rf"START RequestId: {seen['request_id']} Version: \$LATEST", reply.log)
    assert seen["memory"] == "256"
    assert 5000 < seen["left"] <= 7000
    assert seen["arn"].endswith(f":function:{show}")
    assert (seen["name"], seen["version"]) == (show, "$LATEST")
    assert seen["group"] == f"/aws/lambda/{show}"
    assert seen["stream"].startswith(time.strftime("%Y/%m/%d/[$LATEST]", time.localtime()))


def test_client_context_reaches_the_function(cloud: Cloud, show: str) -> None:
    context = base64.b64encode(json.dumps({"custom": {"tenant": "é"}}).encode()).decode()
    assert cloud.invoke(show, ClientContext=context).payload["custom"] == {"tenant": "é"}
    assert cloud.invoke(show).payload["custom"] is None


def test_environment_is_what_lambda_sets_and_the_function_asked_for(
    cloud: Cloud, show: str
) -> None:
    seen = cloud.invoke(show).payload
    env = seen["env"]
    assert (env["WORD"], env["TZ_OF_MINE"]) == ("a b", "1")
    assert env["AWS_REGION"] == env["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert env["AWS_LAMBDA_FUNCTION_NAME"] == show
    assert env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert env["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST"
    assert env["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"
    assert env["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert env["_HANDLER"] == "handler.handle"
    assert env["_X_AMZN_TRACE_ID"].startswith("Root=1-")
    assert env["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert env["LAMBDA_TASK_ROOT"] == seen["cwd"] == seen["path"][0]
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} <= env.keys()
    assert all(isinstance(value, str) for value in env.values())


def test_nothing_of_the_launcher_reaches_a_function(cloud: Cloud, show: str) -> None:
    env = cloud.invoke(show).payload["env"]
    assert "LAUNCHER_SECRET" not in env
    assert not [name for name in env if name.startswith("LOCALSTACK") or "REPRISE" in name]
    assert env["HOME"] != str(cloud.endpoint)
    assert "PYTHONWARNINGS" not in env


def test_only_the_runtime_of_lambda_is_importable_without_a_layer(cloud: Cloud) -> None:
    name = cloud.deploy("""
        import boto3, importlib.util
        def handle(event, context):
            names = ["redis", "cassandra", "psycopg", "pydantic", "localstack", "reprise"]
            return [name for name in names if importlib.util.find_spec(name)]
    """)
    assert cloud.invoke(name).payload == []


def test_function_calls_the_cloud_it_runs_in(cloud: Cloud) -> None:
    name = cloud.deploy("""
        import boto3
        def handle(event, context):
            queue = boto3.client("sqs").create_queue(QueueName=event)["QueueUrl"]
            boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="from inside")
            return queue
    """)
    queue = cloud.invoke(name, "from-a-function").payload
    received = cloud.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)
    assert [message["Body"] for message in received["Messages"]] == ["from inside"]


def test_an_environment_is_reused_and_keeps_its_state(cloud: Cloud) -> None:
    name = cloud.deploy("""
        import os
        calls = 0
        def handle(event, context):
            global calls
            calls += 1
            return [os.getpid(), calls, context.aws_request_id]
    """)
    (pid, first, one), (same, second, two) = (cloud.invoke(name).payload for _ in range(2))
    assert (pid, first, second) == (same, 1, 2)
    assert one != two


def test_an_unhandled_exception_has_lambdas_shape(cloud: Cloud) -> None:
    name = cloud.deploy("""
        def handle(event, context):
            raise ValueError("no such title")
    """)
    reply = cloud.invoke(name)
    assert reply.error == "Unhandled"
    assert reply.payload["errorType"] == "ValueError"
    assert reply.payload["errorMessage"] == "no such title"
    assert 'in handle\n    raise ValueError("no such title")' in reply.payload["stackTrace"][-1]
    assert reply.payload["requestId"] in reply.log
    assert "[ERROR] ValueError: no such title" in reply.log


def test_a_function_error_is_marked_in_the_header(cloud: Cloud) -> None:
    name = cloud.deploy("def handle(event, context):\n    return 1 / 0")
    reply = cloud.functions.invoke(FunctionName=name)
    assert reply["StatusCode"] == 200
    assert reply["ResponseMetadata"]["HTTPHeaders"]["x-amz-function-error"] == "Unhandled"


def test_a_result_that_is_not_json_is_a_marshal_error(cloud: Cloud) -> None:
    name = cloud.deploy("def handle(event, context):\n    return object()")
    reply = cloud.invoke(name)
    assert (reply.error, reply.payload["errorType"]) == ("Unhandled", "Runtime.MarshalError")


def test_a_response_over_six_megabytes_is_refused(cloud: Cloud) -> None:
    name = cloud.deploy("def handle(event, context):\n    return 'x' * event", MemorySize=256)
    assert len(cloud.invoke(name, 6 * 1024 * 1024).payload) == 6 * 1024 * 1024
    reply = cloud.invoke(name, 7 * 1024 * 1024)
    assert (reply.error, reply.payload["errorType"]) == (
        "Unhandled",
        "Function.ResponseSizeTooLarge",
    )
    assert cloud.invoke(name, 3).payload == "xxx"


LOUD = """
    import logging, sys
    print("while loading")
    logging.getLogger().setLevel("INFO")
    def handle(event, context):
        print("on stdout", event)
        print("on stderr", file=sys.stderr)
        logging.info("through logging")
        sys.stdout.write("without an end of line")
"""


def test_the_log_tail_holds_the_call_between_its_platform_lines(cloud: Cloud) -> None:
    name = cloud.deploy(LOUD)
    cold, warm = cloud.invoke(name, 1).log, cloud.invoke(name, 2).log
    request_id = re.findall(r"RequestId: (\S+)", cold)[0]
    order = [
        "while loading",
        f"START RequestId: {request_id} Version: $LATEST",
        "on stdout 1",
        "on stderr",
        "through logging",
        "without an end of line",
        f"END RequestId: {request_id}",
        f"REPORT RequestId: {request_id}\tDuration: ",
    ]
    assert [cold.index(part) for part in order] == sorted(cold.index(part) for part in order)
    assert re.search(r"Billed Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB", cold)
    assert "Init Duration: " in cold
    assert "on stdout 2" in warm
    assert not re.search("Init Duration|while loading|on stdout 1", warm)


def test_every_line_reaches_cloudwatch_logs(cloud: Cloud) -> None:
    name = cloud.deploy(LOUD)
    for number in range(3):
        cloud.invoke(name, number)
    written = eventually(
        lambda: text if (text := cloud.written(name)).count("REPORT RequestId") == 3 else None,
        what="the log",
    )
    assert written.count("while loading") == 1
    assert [f"on stdout {number}\n" in written for number in range(3)] == [True] * 3
    streams = cloud.client("logs").describe_log_streams(logGroupName=f"/aws/lambda/{name}")
    assert len(streams["logStreams"]) == 1


def test_a_long_log_does_not_hold_the_function_up(cloud: Cloud) -> None:
    name = cloud.deploy("""
        def handle(event, context):
            for number in range(20_000):
                print(number, "x" * 40)
            return "done"
    """)
    assert cloud.invoke(name).payload == "done"


def test_an_asynchronous_call_is_run(cloud: Cloud) -> None:
    name = cloud.deploy(LOUD)
    reply = cloud.functions.invoke(FunctionName=name, InvocationType="Event", Payload=b'"later"')
    assert reply["StatusCode"] == 202
    eventually(lambda: "on stdout later" in cloud.written(name), what="the asynchronous call")


def test_a_warm_call_is_not_held_by_delayed_acknowledgements(cloud: Cloud) -> None:
    name = cloud.deploy("def handle(event, context):\n    return event")
    cloud.invoke(name)
    taken = []
    for _ in range(40):
        began = time.perf_counter()
        cloud.invoke(name, {"place": 1})
        taken.append(time.perf_counter() - began)
    assert statistics.median(taken) < 0.035
