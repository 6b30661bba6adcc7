"""Permissions that no narrower resource can hold, each with its reason.

The template tests read these tables: a wildcard that is not in them fails the build, and so does
one that is listed and no longer used.
"""

from collections.abc import Mapping

INTERFACE_ACTIONS: tuple[str, ...] = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)

PEER_ACTIONS: tuple[str, ...] = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcEndpoints")

WILDCARD_REASONS: Mapping[str, str] = {
    "xray:PutTraceSegments": "X-Ray has no resources to name",
    "xray:PutTelemetryRecords": "X-Ray has no resources to name",
    "ec2:AssignPrivateIpAddresses": "Lambda makes the interface before it has a name",
    "ec2:CreateNetworkInterface": "Lambda makes the interface before it has a name",
    "ec2:DeleteNetworkInterface": "Lambda removes interfaces whose names nobody knows beforehand",
    "ec2:DescribeNetworkInterfaces": "EC2 takes no resource for Describe calls",
    "ec2:DescribeSubnets": "EC2 takes no resource for Describe calls",
    "ec2:DescribeVpcEndpoints": "EC2 takes no resource for Describe calls; without it Keyspaces "
    "answers system.peers with nothing and the driver finds a single node",
    "ec2:UnassignPrivateIpAddresses": "Lambda releases addresses of interfaces it made itself",
}
"""Actions granted on every resource."""

PARTIAL_WILDCARD_REASONS: Mapping[str, str] = {
    "cassandra:Select": "the driver reads the tables of keyspaces named system*, which are public "
    "facts about the service and cannot be listed one by one",
}
"""Actions granted on resources named by a pattern."""

MANAGED_POLICY_REASONS: Mapping[str, str] = {
    "service-role/AmazonAPIGatewayPushToCloudWatchLogs": "API Gateway writes access logs through "
    "one role of the account, and checks that it carries this policy",
}
