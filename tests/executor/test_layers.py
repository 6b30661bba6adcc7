"""Layers lie over each other under one `/opt` and come after the function's own code."""

import pytest

from tests.executor.cloud import Cloud

pytestmark = pytest.mark.cloud

WHO = """
    import shared
    def handle(event, context):
        return shared.WHO
"""


def test_a_later_layer_wins_over_an_earlier_one(cloud: Cloud) -> None:
    one = cloud.layer({"python/shared.py": "WHO = 'one'"})
    two = cloud.layer({"python/shared.py": "WHO = 'two'"})
    assert cloud.invoke(cloud.deploy(WHO, Layers=[one, two])).payload == "two"
    assert cloud.invoke(cloud.deploy(WHO, Layers=[two, one])).payload == "one"


def test_the_functions_own_code_wins_over_every_layer(cloud: Cloud) -> None:
    layer = cloud.layer({"python/shared.py": "WHO = 'layer'"})
    files = {"handler.py": WHO, "shared.py": "WHO = 'function'"}
    assert cloud.invoke(cloud.deploy(files, Layers=[layer])).payload == "function"


def test_a_package_may_be_split_over_two_layers(cloud: Cloud) -> None:
    one = cloud.layer({"python/split/__init__.py": "", "python/split/first.py": "VALUE = 1"})
    two = cloud.layer({"python/split/second.py": "VALUE = 2"})
    name = cloud.deploy(
        """
        from split import first, second
        def handle(event, context):
            return [first.VALUE, second.VALUE]
        """,
        Layers=[one, two],
    )
    assert cloud.invoke(name).payload == [1, 2]


def test_the_site_packages_of_a_layer_are_on_the_path(cloud: Cloud) -> None:
    layer = cloud.layer(
        {
            "python/lib/python3.13/site-packages/shared.py": "WHO = 'site-packages'",
            "python/shared.py": "WHO = 'python'",
        }
    )
    assert cloud.invoke(cloud.deploy(WHO, Layers=[layer])).payload == "site-packages"


def test_a_layer_may_replace_a_package_of_the_runtime(cloud: Cloud) -> None:
    layer = cloud.layer({"python/boto3/__init__.py": "WHO = 'layer'"})
    name = cloud.deploy(WHO.replace("shared", "boto3"), Layers=[layer])
    assert cloud.invoke(name).payload == "layer"


def test_a_new_layer_version_replaces_the_old_one(cloud: Cloud) -> None:
    old = cloud.layer({"python/shared.py": "WHO = 'old'"})
    new = cloud.layer({"python/shared.py": "WHO = 'new'"})
    name = cloud.deploy(WHO, Layers=[old])
    assert cloud.invoke(name).payload == "old"
    cloud.functions.update_function_configuration(FunctionName=name, Layers=[new])
    cloud.functions.get_waiter("function_updated_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 1}
    )
    assert cloud.invoke(name).payload == "new"
