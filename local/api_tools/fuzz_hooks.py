"""What schemathesis is told beside the description: who asks, and which ids exist.

It runs in the fuzzer's own interpreter, where nothing of this project is installed. A session may
ask 120 times a minute, so requests take turns with many. Every other well-formed id becomes one of
something that exists for the session, and an example's always does, so that the fuzzer gets behind
the answer 404.
"""

import itertools
import json
import os
import re

import schemathesis

SESSIONS = itertools.cycle(json.loads(os.environ["FUZZ_SESSIONS"]))
"""Each has a `token`, and `known` ids by the name of the parameter or field that takes them."""
EXAMPLE_ID = os.environ["FUZZ_EXAMPLE_ID"]
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_turn = itertools.cycle([True, False])


@schemathesis.auth(refresh_interval=None)
class Sessions:
    """A session for each request. The check that leaves a token out knows of this one."""

    def get(self, case, context):
        return next(SESSIONS)

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data['token']}"
        always = next(_turn)
        case.path_parameters = _known(case.path_parameters, data["known"], always=always)
        case.body = _known(case.body, data["known"], always=always)


def _known(values, known, *, always):
    if not isinstance(values, dict):
        return values
    return {name: _replaced(name, value, known, always=always) for name, value in values.items()}


def _replaced(name, value, known, *, always):
    if isinstance(value, list):
        return [_known(each, known, always=always) for each in value]
    if name in known and isinstance(value, str) and ID.fullmatch(value):
        return known[name] if always or value == EXAMPLE_ID else value
    return value
