"""The stores of a stage on AWS: what must outlive every deployment of the service on top."""

import json

import aws_cdk as cdk
from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra_cdk.constructs.accounts_database import AccountsDatabase
from infra_cdk.constructs.live_cache import LiveCache
from infra_cdk.constructs.private_network import KEYSPACES_PORT, PrivateNetwork
from infra_cdk.constructs.watch_history import WatchHistory
from infra_cdk.environments import RETENTIONS, Environment, StoreSizes
from infra_cdk.stores import Network, Stores, grant_secret_name, signing_secret_name

GENERATED_SECRET_LENGTH = 64


class DataStack(cdk.Stack):
    """Network, cache, watch history, database and secrets; protected where the stage says so."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: Environment,
        sizes: StoreSizes,
        env: cdk.Environment,
    ) -> None:
        super().__init__(
            scope,
            id_,
            env=env,
            description=f"Reprise, {environment.stage}: its stores",
            termination_protection=environment.retain,
        )
        self._stage = environment.stage
        self._removal = RemovalPolicy.RETAIN if environment.retain else RemovalPolicy.DESTROY
        self.network = PrivateNetwork(
            self,
            "Network",
            availability_zones=sizes.availability_zones,
            log_retention=logs.RetentionDays[RETENTIONS[environment.log_retention_days]],
            removal_policy=self._removal,
        )
        self.cache = LiveCache(
            self,
            "Live",
            stage=environment.stage,
            network=self.network,
            sizes=sizes,
            removal_policy=self._removal,
        )
        self.history = WatchHistory(
            self,
            "History",
            keyspace=f"reprise_{environment.stage}",
            removal_policy=self._removal,
        )
        self.accounts = AccountsDatabase(
            self,
            "Accounts",
            stage=environment.stage,
            network=self.network,
            sizes=sizes,
            deletion_protection=environment.retain,
            removal_policy=self._removal,
        )
        self._signing_keys()
        self._cursor_secret = self._generated("cursors", holds="Seals page cursors")
        self._edge_secret = self._generated("edge", holds="Proves that the edge passed a request")
        self._jwks_parameter = self._public_keys()

    def stores(self, *, media_url: str | None, edge_store_arn: str | None) -> Stores:
        """Return what the service stack needs to know of this one, and how its edge is reached."""
        return Stores(
            redis_url=self.cache.url,
            redis_cluster=True,
            cassandra_hosts=f"cassandra.{self.region}.{self.url_suffix}",
            cassandra_port=KEYSPACES_PORT,
            cassandra_keyspace=self.history.keyspace_name,
            cassandra_data_center=self.region,
            cassandra_auth="sigv4",
            postgres={
                "POSTGRES_SECRET_ID": self.accounts.secret_name,
                "POSTGRES_HOST": self.accounts.proxy.endpoint,
            },
            postgres_secret_name=self.accounts.secret_name,
            signing_secret_name=signing_secret_name(stage=self._stage),
            grant_secret_name=grant_secret_name(stage=self._stage),
            media_url=media_url,
            edge_store_arn=edge_store_arn,
            edge_store_url=None,
            public_keys=self._read_public_keys,
            cursor_secret=self._cursor_secret,
            edge_secret=self._edge_secret,
            history_tables=self.history.table_arns,
            system_tables=self.history.system_arns,
            network=Network(vpc=self.network.vpc, functions=self.network.functions),
        )

    def _read_public_keys(self, scope: Construct) -> str:
        """Make every deployment of `scope` take the parameter's value of that moment."""
        return ssm.StringParameter.value_for_string_parameter(scope, self._jwks_parameter)

    def _signing_keys(self) -> None:
        """Make the places of the signing keys, which an operator writes before the first sign-in.

        What is generated here is no key set, so functions that sign refuse to start until then.
        """
        secretsmanager.Secret(
            self,
            "GrantKeys",
            secret_name=grant_secret_name(stage=self._stage),
            description="Private keys of grants of playback; the first key signs",
            removal_policy=self._removal,
        )
        secretsmanager.Secret(
            self,
            "SigningKeys",
            secret_name=signing_secret_name(stage=self._stage),
            description="Private JWK set of access tokens; the first key signs",
            removal_policy=self._removal,
        )

    def _generated(self, name: str, *, holds: str) -> str:
        """Make a secret; return a reference to its value that CloudFormation resolves.

        By name and not by resource, so that the service stack imports nothing for it.
        """
        full_name = f"reprise/{self._stage}/{name}"
        secretsmanager.Secret(
            self,
            f"{name.removesuffix('s').capitalize()}Secret",
            secret_name=full_name,
            description=holds,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=GENERATED_SECRET_LENGTH,
                exclude_punctuation=True,
            ),
            removal_policy=self._removal,
        )
        return cdk.SecretValue.secrets_manager(full_name).unsafe_unwrap()

    def _public_keys(self) -> str:
        """Make the parameter of the public keys, empty until an operator writes the first set."""
        name = f"/reprise/{self._stage}/jwks"
        ssm.StringParameter(
            self,
            "PublicKeys",
            parameter_name=name,
            string_value=json.dumps({"keys": []}),
            description="Public JWK set of access tokens, as functions get it when deployed",
        )
        return name
