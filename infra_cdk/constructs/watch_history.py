"""The keyspace and its three tables, with what can only be chosen when a table is made."""

import aws_cdk as cdk
import aws_cdk.aws_cassandra as cassandra
from aws_cdk import RemovalPolicy
from constructs import Construct

from infra_cdk.watch_tables import KEPT_SECONDS, WATCH_TABLES, WatchTable

_Column = cassandra.CfnTable.ColumnProperty


class WatchHistory(Construct):
    """Amazon Keyspaces, on demand, with client-side timestamps: turning them on later replaces."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        keyspace: str,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.keyspace_name = keyspace
        self._removal_policy = removal_policy
        self.keyspace = cassandra.CfnKeyspace(self, "Keyspace", keyspace_name=keyspace)
        self.keyspace.apply_removal_policy(removal_policy)
        self.tables = {table.name: self._table(table) for table in WATCH_TABLES}

    @property
    def table_arns(self) -> tuple[str, ...]:
        """The tables to grant on, each by name."""
        return tuple(self._arn(f"{self.keyspace_name}/table/{name}") for name in self.tables)

    @property
    def system_arns(self) -> tuple[str, ...]:
        """The keyspaces that any driver reads to find its way."""
        return (self._arn("system*"),)

    def _arn(self, path: str) -> str:
        stack = cdk.Stack.of(self)
        return stack.format_arn(service="cassandra", resource=f"/keyspace/{path}")

    def _table(self, table: WatchTable) -> cassandra.CfnTable:
        made = cassandra.CfnTable(
            self,
            "".join(part.capitalize() for part in table.name.split("_")),
            keyspace_name=self.keyspace_name,
            table_name=table.name,
            partition_key_columns=[
                _Column(column_name=name, column_type=kind) for name, kind in table.partition
            ],
            clustering_key_columns=[
                cassandra.CfnTable.ClusteringKeyColumnProperty(
                    column=_Column(column_name=name, column_type=kind),
                    order_by=order,
                )
                for name, kind, order in table.clustering
            ],
            regular_columns=[
                _Column(column_name=name, column_type=kind) for name, kind in table.columns
            ],
            billing_mode=cassandra.CfnTable.BillingModeProperty(mode="ON_DEMAND"),
            client_side_timestamps_enabled=True,
            default_time_to_live=KEPT_SECONDS,
            point_in_time_recovery_enabled=True,
            encryption_specification=cassandra.CfnTable.EncryptionSpecificationProperty(
                encryption_type="AWS_OWNED_KMS_KEY",
            ),
        )
        made.add_resource_dependency(self.keyspace)
        made.apply_removal_policy(self._removal_policy)
        return made
