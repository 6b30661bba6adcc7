"""Stages as data: two stages differ in these values and in nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSizes:
    """How much of each managed store a stage on AWS gets, and how dearly it is kept."""

    availability_zones: int
    database_min_capacity: float
    database_max_capacity: float
    database_readers: int
    backup_days: int
    cache_max_gigabytes: int
    cache_max_ecpu_per_second: int
    cache_snapshots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallLimits:
    """Requests that one network address may send in five minutes, before any function is called.

    Homes, offices and whole mobile networks share addresses, so these stop floods; sessions and
    accounts are limited by the functions.
    """

    requests_per_address: int
    sign_ins_per_address: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One stage.

    `stores` is None where the stores already run and only their addresses are given, `firewall`
    where none can be had. `account` pins a stage to one account: the CDK refuses to deploy it with
    another's credentials.
    """

    stage: str
    account: str | None
    region: str | None
    architecture: str
    flush_minutes: int
    sweep_minutes: int
    flusher_concurrency: int
    requests_per_second: int
    request_burst: int
    log_ins_per_network: int
    sign_ups_per_network: int
    quality_by_title: bool
    log_level: str
    log_retention_days: int
    gateway_account_role: bool
    alarms: bool
    retain: bool
    firewall: FirewallLimits | None
    stores: StoreSizes | None


LOCAL_ACCOUNT = "000000000000"
"""LocalStack's account. No real account has this number, so a real one refuses the local stage."""

LOCAL = Environment(
    stage="local",
    account=LOCAL_ACCOUNT,
    region="us-east-1",
    architecture="x86_64",
    flush_minutes=5,
    sweep_minutes=1,
    flusher_concurrency=4,
    requests_per_second=10_000,
    request_burst=5_000,
    log_ins_per_network=1_000_000,  # every client of one machine has the same address
    sign_ups_per_network=1_000_000,
    quality_by_title=True,
    log_level="INFO",
    log_retention_days=1,
    gateway_account_role=False,
    alarms=False,
    retain=False,
    firewall=None,
    stores=None,
)

STAGING = Environment(
    stage="staging",
    account=None,
    region=None,
    architecture="arm64",
    flush_minutes=5,
    sweep_minutes=1,
    flusher_concurrency=10,
    requests_per_second=500,
    request_burst=250,
    log_ins_per_network=100,
    sign_ups_per_network=20,
    quality_by_title=True,
    log_level="INFO",
    log_retention_days=14,
    gateway_account_role=True,
    alarms=True,
    retain=False,
    firewall=FirewallLimits(requests_per_address=10_000, sign_ins_per_address=500),
    stores=StoreSizes(
        availability_zones=2,
        database_min_capacity=0.5,
        database_max_capacity=4,
        database_readers=0,
        backup_days=3,
        cache_max_gigabytes=5,
        cache_max_ecpu_per_second=10_000,
        cache_snapshots=1,
    ),
)

PRODUCTION = Environment(
    stage="production",
    account=None,
    region=None,
    architecture="arm64",
    flush_minutes=5,
    sweep_minutes=1,
    flusher_concurrency=400,
    requests_per_second=10_000,
    request_burst=5_000,
    log_ins_per_network=100,
    sign_ups_per_network=20,
    quality_by_title=True,
    log_level="INFO",
    log_retention_days=90,
    gateway_account_role=True,
    alarms=True,
    retain=True,
    firewall=FirewallLimits(requests_per_address=10_000, sign_ins_per_address=500),
    stores=StoreSizes(
        availability_zones=3,
        database_min_capacity=2,
        database_max_capacity=64,
        database_readers=1,
        backup_days=30,
        cache_max_gigabytes=500,
        cache_max_ecpu_per_second=5_000_000,
        cache_snapshots=7,
    ),
)

ENVIRONMENTS = {environment.stage: environment for environment in (LOCAL, STAGING, PRODUCTION)}

RETENTIONS = {1: "ONE_DAY", 14: "TWO_WEEKS", 90: "THREE_MONTHS"}
"""Days that CloudWatch Logs can keep, by the names its library gives them."""
