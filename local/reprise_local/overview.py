"""Prints where everything of a stack is: what runs, every URL, every login."""

from reprise_local.console import console
from reprise_local.facts import Facts
from reprise_local.stack import Stack


def show(stack: Stack, facts: Facts) -> None:
    rows = {
        "API": facts["apiUrl"],
        "health": f"{facts['apiUrl']}/health",
        "edge": facts.get("edgeUrl"),
        "API docs": facts.get("docsUrl"),
        "AWS (LocalStack)": facts["endpointUrl"],
        "Redis": facts["redisUrl"],
        "PostgreSQL": facts["postgresUrl"],
        "Cassandra": "{host}:{port}, keyspace {keyspace}".format(**facts["cassandra"]),
        "all of this": str(stack.folder.facts),
    }
    for name, value in rows.items():
        if value is None:
            continue
        console.print(f"[bold]{name:<16}[/] {value}")
    for account in facts["accounts"]:
        profiles = ", ".join(profile["name"] for profile in account["profiles"])
        login = f"{account['email']} / {account['password']} ({account['plan']}: {profiles})"
        console.print(f"[bold]{'login':<16}[/] {login}")


def show_servers(stack: Stack) -> None:
    for server in stack.servers:
        identity = server.identity
        state = f"[green]runs[/] as process {identity.pid}" if identity else "[dim]does not run[/]"
        console.print(f"{server.title:<12} port {server.port:<6} {state}")
