"""Where the stores are, however they came to be: the one thing the service stack asks of data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The private network that functions join."""

    vpc: ec2.IVpc
    functions: ec2.ISecurityGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Addresses, names of secrets and what may be granted.

    `history_tables` and `system_tables` are ARNs to grant on, empty where a password-free server
    has none. `postgres` holds the variables themselves, since they differ in kind. `public_keys`
    makes the public JWK set, or what CloudFormation fills in for it, within the stack that asks.
    `media_url` is how players reach signed files, None where the stage has no edge: what signs
    grants does not start there. `edge_store_arn` names the edge's store of revoked holders, None
    where there is none yet; `edge_store_url` is where it answers, None for CloudFront's own.
    """

    redis_url: str
    redis_cluster: bool
    cassandra_hosts: str
    cassandra_port: int
    cassandra_keyspace: str
    cassandra_data_center: str
    cassandra_auth: str
    postgres: Mapping[str, str]
    postgres_secret_name: str | None
    signing_secret_name: str
    grant_secret_name: str
    media_url: str | None
    edge_store_arn: str | None
    edge_store_url: str | None
    public_keys: Callable[[Construct], str]
    cursor_secret: str
    edge_secret: str
    history_tables: tuple[str, ...]
    system_tables: tuple[str, ...]
    network: Network | None


def grant_secret_name(*, stage: str) -> str:
    """The private keys of grants in Secrets Manager, as `adapters.grants_cloudfront` reads them."""
    return f"reprise/{stage}/grant-signing"


def signing_secret_name(*, stage: str) -> str:
    """The private JWK set's name in Secrets Manager; its value never passes through a template."""
    return f"reprise/{stage}/jwt-signing"
