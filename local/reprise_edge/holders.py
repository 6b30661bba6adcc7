"""Whose grant a request shows, and which object it asks for: the edge function's part on AWS.

`infra_cdk/edge_functions/serve_media.js` says the same; one table of cases is put to both.
"""

import re
from collections.abc import Container

from infra_cdk.delivery_rules import HOLDER_PATTERN, MEDIA
from reprise_edge.refusals import access_denied

_FOLDER = MEDIA.pattern.removesuffix("/*")
_HELD = re.compile(rf"{_FOLDER}/({HOLDER_PATTERN})(/.+)")


def without_holder(path: str, *, revoked: Container[str]) -> str:
    """Return a path, as sent, without the segment of its holder.

    The signature has been proved already, so that the holder is whom the grant was made out to.

    Raises:
        RefusedError: it names no holder, or one that was revoked.
    """
    found = _HELD.fullmatch(path)
    if found is None or found.group(1) in revoked:
        raise access_denied()
    return f"{_FOLDER}{found.group(2)}"
