"""The edge's verdict on any grant is that of a second, independent reading of the rules."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.adapters.grants_cloudfront import _encode as encode
from reprise_edge.grants import KeyGroup, Presented, presented
from reprise_edge.policies import _matcher
from reprise_edge.refusals import RefusedError
from tests.harness.edge_rules import allowed, matches
from tests.harness.grant_keys import GrantKey, ecdsa_key, key_group, rsa_key

NOW = 1_795_000_000
HOST = "http://127.0.0.1:28080"
TRUSTED = [ecdsa_key("KA"), ecdsa_key("KB"), rsa_key("KR")]
STRANGER = ecdsa_key("KA2")
GROUP = KeyGroup(key_group(TRUSTED))
PUBLIC = {key.id: key.key.public_key() for key in TRUSTED}

PATHS = st.lists(
    st.sampled_from(["media", "t-1", "t-2", "web", "a%20b", "%E5%8D%83", "*", "..", "%2e%2e", ""]),
    max_size=4,
).map(lambda segments: "/" + "/".join(segments))
QUERIES = st.sampled_from(["", "", "a=1", "a=1&b=2", "x=%2F", "policy=1", "?"])
ENDS = st.sampled_from([0, NOW - 1, NOW, NOW + 1, NOW + 60, NOW + 3600, 10**11])
STARTS = st.sampled_from([0, NOW - 3600, NOW - 60, NOW - 1, NOW, NOW + 1, 10**11])
NETWORKS = st.sampled_from(
    ["0.0.0.0/0", "127.0.0.1/32", "127.0.0.0/8", "192.0.2.0/24", "127.0.0.1"]
)
ADDRESSES = st.sampled_from(["127.0.0.1", "127.0.0.2", "192.0.2.77"])


@st.composite
def resources(draw: st.DrawFn, url: str) -> str | None:
    """A resource near the URL: itself, cut off, with wildcards put in, or of another title."""
    if draw(st.integers(0, 9)) == 0:
        return None
    text = draw(st.sampled_from([url, f"{HOST}/media/t-1/x", f"{HOST}/media/t-1/"]))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        until = draw(st.integers(at, len(text)))
        text = text[:at] + draw(st.sampled_from(["*", "?", "**", "?*", ""])) + text[until:]
    return text if text.startswith(("http://", "https://", "*")) else f"*{text}"


@st.composite
def policies(draw: st.DrawFn, url: str) -> bytes:
    condition: dict[str, Any] = {"DateLessThan": {"AWS:EpochTime": draw(ENDS)}}
    if draw(st.integers(0, 3)) == 0:
        condition["DateGreaterThan"] = {"AWS:EpochTime": draw(STARTS)}
    if draw(st.integers(0, 3)) == 0:
        condition["IpAddress"] = {"AWS:SourceIp": draw(NETWORKS)}
    statement: dict[str, Any] = {"Condition": condition}
    resource = draw(resources(url))
    if resource is not None:
        statement = {"Resource": resource} | statement
    spaces = draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    return json.dumps({"Statement": [statement]}, separators=spaces).encode()


@st.composite
def attempts(draw: st.DrawFn) -> tuple[str, dict[str, str], str, str]:
    """A URL, the fields shown with it, the client's address, and its own query."""
    path, own = draw(PATHS), draw(QUERIES)
    url = f"{HOST}{path}?{own}" if own else f"{HOST}{path}"
    signer = draw(st.sampled_from([*TRUSTED * 3, STRANGER]))
    hash_name = draw(st.sampled_from(["SHA1", "SHA256"]))
    fields: dict[str, str] = {}
    if draw(st.booleans()):
        policy = draw(policies(url))
        fields["Policy"] = encode(policy)
    else:
        expires = draw(ENDS)
        fields["Expires"] = str(expires)
        of = draw(st.sampled_from([url, url, f"{HOST}/media/t-1/x"]))
        statement = {"Resource": of, "Condition": {"DateLessThan": {"AWS:EpochTime": expires}}}
        policy = json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()
    fields["Signature"] = encode(sign(signer, policy, hash_name))
    fields["Key-Pair-Id"] = draw(st.sampled_from([signer.id] * 8 + ["KA", "KX"]))
    if hash_name == "SHA256" or draw(st.booleans()):
        fields["Hash-Algorithm"] = hash_name
    return url, draw(tampered(fields)), draw(ADDRESSES), own


def tampered(fields: Mapping[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """The same fields, mostly, or with one of them changed, left out or put in."""
    names = sorted(fields)
    changes: list[Callable[[str], str]] = [
        lambda text: text[:-1],
        lambda text: text + "_",
        lambda text: text.replace("_", "="),
        lambda text: text.replace("-", "+").replace("~", "/"),
        lambda text: ("B" if text[:1] == "A" else "A") + text[1:],
        lambda text: text[: len(text) // 2] + text[len(text) // 2 + 1 :],
        lambda _: "",
        lambda _: "MD5",
        lambda _: "é",
    ]
    changed = st.builds(
        lambda name, change: {**fields, name: change(fields[name])},
        st.sampled_from(names),
        st.sampled_from(changes),
    )
    without = st.sampled_from(names).map(
        lambda name: {n: v for n, v in fields.items() if n != name}
    )
    both = st.just({**fields, "Expires": str(NOW + 3600), "Policy": fields.get("Policy", "e30_")})
    same = [st.just(dict(fields))] * 6
    return st.one_of(*same, changed, changed, without, both)


def sign(key: GrantKey, message: bytes, hash_name: str) -> bytes:
    algorithm = SHA256() if hash_name == "SHA256" else SHA1()
    if isinstance(key.key, rsa.RSAPrivateKey):
        return key.key.sign(message, padding.PKCS1v15(), algorithm)
    return key.key.sign(message, ec.ECDSA(algorithm))


def passes(fields: Mapping[str, str], url: str, own: str, address: str) -> bool:
    try:
        GROUP.check(
            grant=Presented(fields=fields, own_query=own),
            base_url=url.removesuffix(f"?{own}") if own else url,
            address=address,
            now=NOW,
        )
    except RefusedError:
        return False
    return True


@settings(max_examples=1500, deadline=None)
@given(attempts())
def test_the_edge_lets_pass_what_the_rules_allow_and_nothing_else(
    attempt: tuple[str, dict[str, str], str, str],
) -> None:
    url, fields, address, own = attempt
    wanted = allowed(fields=fields, keys=PUBLIC, url=url, address=address, now=NOW)
    assert passes(fields, url, own, address) == wanted


@settings(max_examples=300, deadline=None)
@given(attempts())
def test_a_query_and_cookies_are_read_alike(
    attempt: tuple[str, dict[str, str], str, str],
) -> None:
    _, fields, _, own = attempt
    query = "&".join([*filter(None, [own]), *(f"{name}={v}" for name, v in fields.items())])
    cookies = "; ".join(f"CloudFront-{name}={value}" for name, value in fields.items())
    by_query = presented(query=query, cookies="CloudFront-Policy=other")
    by_cookies = presented(query=own, cookies=f"theme=dark; {cookies}")
    if fields:
        assert by_query == by_cookies == Presented(fields=fields, own_query=own)


@settings(max_examples=500, deadline=None)
@given(st.text("ab/?*", max_size=10), st.text("ab/?*", max_size=12))
def test_wildcards_match_as_the_table_says(pattern: str, text: str) -> None:
    assert (_matcher(pattern).fullmatch(text) is not None) == matches(pattern, text)
