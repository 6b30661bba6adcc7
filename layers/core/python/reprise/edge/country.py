"""Where a request comes from, as the network edge saw it, and believed only from there.

CloudFront looks the address up, overwrites whatever a client wrote, and adds a secret of ours to
what it passes on. Whoever reaches the API past it can send the country, but not the secret.
"""

import hmac
import re

from reprise.edge.http import Request

COUNTRY_HEADER = "cloudfront-viewer-country"
PROOF_HEADER = "x-reprise-edge"
_COUNTRY = re.compile(r"[A-Z]{2}")


def country_of(request: Request, *, edge_secret: str | None) -> str | None:
    """Return the ISO 3166-1 alpha-2 country of a request that came through the edge, else None.

    Without an edge (`edge_secret` None) no request has a country, whatever it says.
    """
    if not edge_secret:
        return None
    proof = request.headers.get(PROOF_HEADER, "").encode(errors="surrogatepass")
    if not hmac.compare_digest(proof, edge_secret.encode()):
        return None
    country = request.headers.get(COUNTRY_HEADER, "")
    return country if _COUNTRY.fullmatch(country) else None
