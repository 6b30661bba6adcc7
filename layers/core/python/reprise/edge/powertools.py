"""The one door to Powertools, so that its price at import is known and paid once.

Powertools imports botocore only to write its own name into the User-Agent of AWS calls. Routes make
none, so botocore is kept out while Powertools loads: a route's cold start must not pay for an SDK.
"""

import sys

_SDK = "botocore"

_held = _SDK not in sys.modules
if _held:
    sys.modules[_SDK] = None  # type: ignore[assignment]  # makes `import botocore` fail
try:
    from aws_lambda_powertools import Logger, single_metric
    from aws_lambda_powertools.metrics import MetricUnit
finally:
    if _held:
        del sys.modules[_SDK]

__all__ = [
    "Logger",
    "MetricUnit",
    "single_metric",
]
