"""From nothing to a stack that answers: install, start, migrate, deploy, seed, write the facts."""

import json

from reprise_local import deploy, facts, install, migrate
from reprise_local.console import Steps
from reprise_local.facts import Facts
from reprise_local.key_checks import AGAIN, require_sound
from reprise_local.keys import ensure_grant_keys, ensure_signing_keys
from reprise_local.playable import make_playable
from reprise_local.seeding import seed
from reprise_local.stack import Stack


def bring_up_servers(stack: Stack, steps: Steps) -> Facts:
    """Start the stores alone, migrated: what adapters and their tests need.

    Raises:
        LocalError: something failed; says what and how to mend it.
    """
    install.install(steps, cloud=False)
    steps.together(stack.starts(cloud=False))
    _migrate(stack, steps)
    known = stack.stores()
    with steps.step("Catalog and accounts") as step:
        step.note = _seed(stack, known)
    if deploy.is_deployed(stack):  # it runs from before: what it serves is still true
        known |= _deployed(stack)
    facts.write(stack.folder, known)
    return known


def bring_up(stack: Stack, steps: Steps, *, flush_minutes: int, attach: bool = False) -> Facts:
    """Start everything, deploy, seed; each part only where it is not done already.

    `attach` uses servers that somebody else started on this stack's ports.

    Raises:
        LocalError: something failed; says what and how to mend it.
    """
    install.install(steps)
    require_sound(stack.folder.keys, again=AGAIN[stack.name])
    private, public = ensure_signing_keys(stack.folder.keys)
    grant_keys, _ = ensure_grant_keys(stack.folder.keys)
    deploy.write_config(stack, jwks=json.loads(public), flush_minutes=flush_minutes)
    steps.together(stack.starts(attach=attach) | {"CDK": lambda: deploy.prepare_synthesis(stack)})
    _migrate(stack, steps)
    with steps.step("Secrets"):
        deploy.store_signing_secret(stack, private)
        deploy.store_grant_secret(stack, grant_keys)
    known = stack.stores()
    steps.together(
        {
            "Catalog, accounts and media": lambda: _seed_and_publish(stack, known, steps),
            "Deployment": lambda: deploy.deploy(stack),
        }
    )
    known |= _deployed(stack)
    facts.write(stack.folder, known)
    return known


def _deployed(stack: Stack) -> Facts:
    return {
        "apiUrl": deploy.api_url(stack),
        "endpointUrl": stack.localstack.endpoint,
        "edgeUrl": stack.edge.url if stack.edge.running else None,
    }


def _migrate(stack: Stack, steps: Steps) -> None:
    steps.together(
        {
            "PostgreSQL schema": lambda: migrate.migrate_postgres(stack),
            "Cassandra schema": lambda: migrate.migrate_cassandra(stack),
        }
    )


def _seed_and_publish(stack: Stack, known: Facts, steps: Steps) -> str:
    seeded = _seed(stack, known)
    return f"{seeded}, {make_playable(stack, known, steps)} films and episodes play"


def _seed(stack: Stack, known: Facts) -> str:
    known.update(seed(postgres_dsn=stack.postgres.url, redis_url=stack.redis.url))
    return f"{len(known['accounts'])} demo accounts"
