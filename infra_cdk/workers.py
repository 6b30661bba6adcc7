"""The functions that no client calls: timers, queues and operators do."""

from infra_cdk.kinds import ACCOUNTS, EDGE_STORE, HISTORY, PLAYLISTS, Function, Need

PLAN_FLUSH = Function(
    folder="flush/plan_flush",
    needs=frozenset({Need.LIVE_STATE, Need.ORDER_FLUSHES}),
    timeout_seconds=50,
)
SWEEP_OVERDUE = Function(
    folder="flush/sweep_overdue",
    needs=frozenset({Need.LIVE_STATE, Need.ORDER_FLUSHES}),
    timeout_seconds=50,  # ends before the next minute's sweep starts
)
FLUSH_PLACES = Function(
    folder="flush/flush_places",
    layers=(HISTORY,),
    needs=frozenset(
        {Need.LIVE_STATE, Need.HISTORY_WRITE, Need.PUBLISH_EVENTS, Need.QUARANTINE},
    ),
    timeout_seconds=30,  # six times this is how long a lost message stays invisible
)
REDRIVE_QUARANTINED = Function(
    folder="flush/redrive_quarantined",
    layers=(HISTORY, ACCOUNTS),
    needs=frozenset(
        {
            Need.LIVE_STATE,
            Need.HISTORY_WRITE,
            Need.ACCOUNTS,
            Need.ORDER_FLUSHES,
            Need.PUBLISH_EVENTS,
            Need.QUARANTINE,
            Need.DRAIN_QUARANTINE,
        },
    ),
    timeout_seconds=60,
)

NOTE_COMPLETIONS = Function(
    folder="playstate/note_completions",
    layers=(ACCOUNTS,),
    needs=frozenset({Need.ACCOUNTS}),
    timeout_seconds=28,  # five completions whose database takes 2 s to connect and 3 to answer
)

COLLECT_REVOCATIONS = Function(
    folder="sessions/collect_revocations",
    layers=(ACCOUNTS,),
    needs=frozenset({Need.ACCOUNTS, Need.TELL_REVOCATIONS}),
    timeout_seconds=20,
)
PUBLISH_REVOCATIONS = Function(
    folder="delivery/publish_revocations",
    layers=(EDGE_STORE,),
    needs=frozenset({Need.KEEP_EDGE_STORE}),
    timeout_seconds=29,
    in_network=False,  # the edge's store has no endpoint within it
)

PUBLISH_ENCODED = Function(
    folder="media/publish_encoded",
    layers=(ACCOUNTS, PLAYLISTS),
    needs=frozenset({Need.LIVE_STATE, Need.ACCOUNTS, Need.PACKAGES}),
    timeout_seconds=120,  # of a long film, forty playlists and thirty thousand files are looked at
)

WORKERS: tuple[Function, ...] = (
    PLAN_FLUSH,
    SWEEP_OVERDUE,
    FLUSH_PLACES,
    REDRIVE_QUARANTINED,
    NOTE_COMPLETIONS,
    COLLECT_REVOCATIONS,
    PUBLISH_REVOCATIONS,
)
"""Functions that no client calls: timers, queues and operators do."""

MEDIA_WORKERS: tuple[Function, ...] = (PUBLISH_ENCODED,)
"""Only where media is encoded on AWS."""
