"""From what a row of the routes table needs to the variables and grants a function gets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from infra_cdk.constructs.flush_queues import FlushQueues
from infra_cdk.encoding_job import MEDIA_PREFIX, WRITTEN_BESIDE
from infra_cdk.kinds import Function, Need
from infra_cdk.permissions import PEER_ACTIONS
from infra_cdk.stores import Stores

_TOKEN_NAMES = {"JWT_ISSUER": "reprise", "JWT_AUDIENCE": "reprise-api"}
REDIS_TIMEOUT_MS = "250"
CASSANDRA_TIMEOUT_MS = "2000"
NEXT_REPORT_SECONDS = "30"
REPORTS_PER_MINUTE = "120"
LIVE_TTL_SECONDS = "86400"
ROW_TTL_SECONDS = "3600"
GRANT_SECONDS = "3600"
"""Whoever signs grants and whoever has revoked ones refused must be told the same."""

EDGE_STORE_ACTIONS = tuple(
    f"cloudfront-keyvaluestore:{action}"
    for action in ("DescribeKeyValueStore", "ListKeys", "UpdateKeys")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Everything functions are given, by need."""

    stage: str
    version: str
    log_level: str
    log_ins_per_network: int
    sign_ups_per_network: int
    quality_by_title: bool
    stores: Stores
    jwks: str
    queues: FlushQueues
    media_bucket: s3.IBucket | None = None

    def variables(self, function: Function) -> dict[str, str]:
        """Return the environment of one function: what every one has, and what it needs."""
        name = function.deployed_name(stage=self.stage)
        variables = {
            "REPRISE_STAGE": self.stage,
            "REPRISE_VERSION": self.version,
            "POWERTOOLS_SERVICE_NAME": name,
            "POWERTOOLS_METRICS_NAMESPACE": "Reprise",
            "POWERTOOLS_LOG_LEVEL": self.log_level,
        }
        for need, brought in self._by_need().items():
            if need in function.needs:
                variables.update(brought)
        return variables

    def _by_need(self) -> Mapping[Need, Mapping[str, str]]:
        stores, queues = self.stores, self.queues
        history = {
            "CASSANDRA_HOSTS": stores.cassandra_hosts,
            "CASSANDRA_PORT": str(stores.cassandra_port),
            "CASSANDRA_KEYSPACE": stores.cassandra_keyspace,
            "CASSANDRA_LOCAL_DC": stores.cassandra_data_center,
            "CASSANDRA_AUTH": stores.cassandra_auth,
            "CASSANDRA_TIMEOUT_MS": CASSANDRA_TIMEOUT_MS,
        }
        flush_queue = {"FLUSH_QUEUE_URL": queues.orders.queue_url}
        quarantine = {"QUARANTINE_QUEUE_URL": queues.quarantine.queue_url}
        grants = {
            "GRANT_SIGNING_SECRET_ID": stores.grant_secret_name,
            "GRANT_SECONDS": GRANT_SECONDS,
        }
        if stores.media_url is not None:
            grants["MEDIA_URL"] = stores.media_url
        edge_store = {
            "EDGE_STORE_ARN": stores.edge_store_arn,
            "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE": stores.edge_store_url,
        }
        bucket = self.media_bucket
        return {
            Need.PACKAGES: {"MEDIA_BUCKET": bucket.bucket_name} if bucket else {},
            Need.LIVE_STATE: {
                "REDIS_URL": stores.redis_url,
                "REDIS_CLUSTER": str(stores.redis_cluster).lower(),
                "REDIS_TIMEOUT_MS": REDIS_TIMEOUT_MS,
                "LIVE_TTL_SECONDS": LIVE_TTL_SECONDS,
                "ROW_TTL_SECONDS": ROW_TTL_SECONDS,
            },
            Need.HISTORY_READ: history,
            Need.HISTORY_WRITE: history,
            Need.ACCOUNTS: stores.postgres,
            Need.PROVE_TOKENS: {"JWKS": self.jwks} | _TOKEN_NAMES,
            Need.SIGN_TOKENS: {"JWT_SIGNING_SECRET_ID": stores.signing_secret_name} | _TOKEN_NAMES,
            Need.SIGN_GRANTS: grants,
            Need.FLUSH_ADDRESS: flush_queue,
            Need.ORDER_FLUSHES: flush_queue,
            Need.PUBLISH_EVENTS: {
                "EVENT_QUEUE_URL": queues.events.queue_url,
                "COMPLETION_QUEUE_URL": queues.completions.queue_url,
            },
            Need.QUARANTINE: quarantine,
            Need.DRAIN_QUARANTINE: quarantine,
            Need.TELL_REVOCATIONS: {
                "REVOCATION_QUEUE_URL": queues.revocations.queue_url,
                "GRANT_SECONDS": GRANT_SECONDS,
            },
            Need.KEEP_EDGE_STORE: {name: value for name, value in edge_store.items() if value},
            Need.CURSORS: {"CURSOR_SECRET": stores.cursor_secret},
            Need.EDGE_PROOF: {"EDGE_SECRET": stores.edge_secret},
            Need.COUNT_ATTEMPTS: {
                "LOG_INS_PER_NETWORK": str(self.log_ins_per_network),
                "SIGN_UPS_PER_NETWORK": str(self.sign_ups_per_network),
            },
            Need.QUALITY: {"QUALITY_BY_TITLE": str(self.quality_by_title).lower()},
            Need.REPORTING: {
                "NEXT_REPORT_SECONDS": NEXT_REPORT_SECONDS,
                "REPORTS_PER_MINUTE": REPORTS_PER_MINUTE,
            },
        }

    def grant(self, *, function: Function, to: lambda_.Function) -> None:
        """Give a function's role what its needs ask for, on exactly those resources.

        A need without an entry is reached through the network or given as a value: there is no
        call to permit.
        """
        stores, queues = self.stores, self.queues
        grants: Mapping[Need, Callable[[], object]] = {
            Need.HISTORY_READ: lambda: self._grant_history(to, "cassandra:Select"),
            Need.HISTORY_WRITE: lambda: self._grant_history(
                to, "cassandra:Select", "cassandra:Modify"
            ),
            Need.ACCOUNTS: lambda: _grant_secret(to, stores.postgres_secret_name),
            Need.SIGN_TOKENS: lambda: _grant_secret(to, stores.signing_secret_name),
            Need.SIGN_GRANTS: lambda: _grant_secret(to, stores.grant_secret_name),
            Need.ORDER_FLUSHES: lambda: queues.orders.grant_send_messages(to),
            Need.PUBLISH_EVENTS: lambda: [
                queue.grant_send_messages(to) for queue in (queues.events, queues.completions)
            ],
            Need.QUARANTINE: lambda: queues.quarantine.grant_send_messages(to),
            Need.DRAIN_QUARANTINE: lambda: queues.quarantine.grant_consume_messages(to),
            Need.TELL_REVOCATIONS: lambda: queues.revocations.grant_send_messages(to),
            Need.KEEP_EDGE_STORE: lambda: _grant_edge_store(to, stores.edge_store_arn),
        }
        if self.media_bucket is not None:
            grants = {**grants, Need.PACKAGES: partial(_grant_packages, to, self.media_bucket)}
        for need, give in grants.items():
            if need in function.needs:
                give()

    def _grant_history(self, to: lambda_.Function, *actions: str) -> None:
        stores = self.stores
        if not stores.history_tables:
            return
        to.add_to_role_policy(
            iam.PolicyStatement(actions=list(actions), resources=list(stores.history_tables)),
        )
        to.add_to_role_policy(
            iam.PolicyStatement(
                actions=["cassandra:Select"],
                resources=list(stores.system_tables),
            ),
        )
        to.add_to_role_policy(
            iam.PolicyStatement(actions=list(PEER_ACTIONS), resources=["*"]),
        )


def _grant_edge_store(to: lambda_.Function, arn: str | None) -> None:
    if arn is not None:
        to.add_to_role_policy(
            iam.PolicyStatement(actions=list(EDGE_STORE_ACTIONS), resources=[arn])
        )


def _grant_packages(to: lambda_.Function, bucket: s3.IBucket) -> None:
    """Let a function list what was encoded, read playlists, and write the few texts that are ours.

    None of those names is one that an encoder writes.
    """
    statements = (
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": f"{MEDIA_PREFIX}*"}},
        ),
        iam.PolicyStatement(
            actions=["s3:GetObject"], resources=[bucket.arn_for_objects(f"{MEDIA_PREFIX}*.m3u8")]
        ),
        iam.PolicyStatement(
            actions=["s3:PutObject"],
            resources=[
                bucket.arn_for_objects(f"{MEDIA_PREFIX}*/{name}") for name in WRITTEN_BESIDE
            ],
        ),
    )
    for statement in statements:
        to.add_to_role_policy(statement)


def _grant_secret(to: lambda_.Function, name: str | None) -> None:
    """Let a function read one secret by name, which is not there to grant on where none is used."""
    if name is None:
        return
    secret = secretsmanager.Secret.from_secret_name_v2(to, _secret_id(name), name)
    secret.grant_read(to)


def _secret_id(name: str) -> str:
    return "Secret" + "".join(
        part.capitalize() for part in name.rsplit("/", maxsplit=1)[-1].split("-")
    )
