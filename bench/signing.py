"""Grants of playback: what `CloudFrontSigner` costs beside the bare signature that it must make.

In process and without any server: a grant is a policy, one signature of it and two spellings.
"""

import argparse
import itertools
from collections.abc import Callable, Mapping, Sequence

from botocore.signers import CloudFrontSigner as BotocoreSigner
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from bench import console
from bench.clocks import Contender, Sample, in_turns
from bench.figures import Section, Table, Target, micros, ratio
from reprise.adapters.grants_cloudfront import CloudFrontSigner, policy_of
from reprise.domain.grants import Grant, grant_of_title, holder_of
from tests.harness.grant_keys import GrantKey, ecdsa_key, rsa_key, signing_set

NOW = 1_795_000_000
HOLDER = holder_of("session")
RATIO = 2.0
ECDSA, BARE_ECDSA = "grant, ECDSA P-256", "bare signature, ECDSA P-256"
RSA, BARE_RSA = "grant, RSA 2048", "bare signature, RSA 2048"
BOTOCORE = "botocore's signer, RSA 2048, one URL"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--blocks", type=int, default=30, help="rounds of measuring in turns")
    parser.add_argument("--calls", type=int, default=500, help="calls a round")


def run(options: argparse.Namespace) -> Section:
    samples = in_turns(_contenders(), blocks=options.blocks, calls=options.calls)
    return Section(
        title="Signed grants",
        how=(
            "Each call signs the grant of another title for an hour, with SHA-256: the policy, the"
            " signature, the query and the cookies. The bare signature is `cryptography`'s own, of"
            " the same policies made beforehand, with a key that is loaded once. botocore's signer"
            " makes one URL of a policy made beforehand, as every segment would need without"
            f" wildcards. Contenders take turns, {options.calls:,} calls each,"
            f" {options.blocks} rounds."
        ),
        targets=(
            _target(samples, ECDSA, BARE_ECDSA),
            _target(samples, RSA, BARE_RSA),
            _cheaper(samples),
        ),
        tables=(_table(samples),),
    )


def _contenders() -> Mapping[str, Contender]:
    titles = itertools.count()

    def grants(count: int) -> Sequence[Grant]:
        media = "https://media.example/media"
        return [
            grant_of_title(media_url=media, holder=HOLDER, title_id=f"title-{number}", now=NOW)
            for number in itertools.islice(titles, count)
        ]

    def policies(count: int) -> Sequence[bytes]:
        return [policy_of(grant).encode() for grant in grants(count)]

    pairs = {ECDSA: ecdsa_key(), RSA: rsa_key()}
    signers = {
        name: CloudFrontSigner(keys=signing_set(pair), setting="keys")
        for name, pair in pairs.items()
    }
    botocore = BotocoreSigner("K", _bare(pairs[RSA]))
    url = f"https://media.example/media/{HOLDER}/title/0001.m4s"
    return {
        ECDSA: Contender(lambda grant: signers[ECDSA].sign(grant=grant), grants),
        BARE_ECDSA: Contender(_bare(pairs[ECDSA]), policies),
        RSA: Contender(lambda grant: signers[RSA].sign(grant=grant), grants),
        BARE_RSA: Contender(_bare(pairs[RSA]), policies),
        BOTOCORE: Contender(
            lambda policy: botocore.generate_presigned_url(url, policy=policy), policies
        ),
    }


def _bare(pair: GrantKey) -> Callable[[bytes], bytes]:
    key = pair.key
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda message: key.sign(message, padding.PKCS1v15(), SHA256())
    algorithm = ec.ECDSA(SHA256())
    return lambda message: key.sign(message, algorithm)


def _target(samples: Mapping[str, Sample], ours: str, bare: str) -> Target:
    times = samples[ours].cpu / samples[bare].cpu
    return Target(
        f"processor time of a {ours}, against the bare signature",
        f"≤ {RATIO:.0f} ×",
        ratio(times),
        times <= RATIO,
    )


def _cheaper(samples: Mapping[str, Sample]) -> Target:
    times = samples[RSA].cpu / samples[ECDSA].cpu
    return Target(
        "processor time of an RSA grant, against ECDSA's", "≥ 4 ×", ratio(times), times >= 4
    )


def _table(samples: Mapping[str, Sample]) -> Table:
    rows = [
        (name, micros(found.p50), micros(found.p95), micros(found.cpu), f"{1 / found.cpu:,.0f}")
        for name, found in samples.items()
    ]
    return Table(("what", "p50", "p95", "processor", "a second, one core"), tuple(rows))


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
