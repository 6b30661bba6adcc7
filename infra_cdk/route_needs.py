"""What the routes of an area need: one set for all that share their settings."""

from infra_cdk.kinds import Need

SIGNS_IN = frozenset(
    {
        Need.LIVE_STATE,
        Need.ACCOUNTS,
        Need.SIGN_TOKENS,
        Need.EDGE_PROOF,
        Need.REPORTING,
        Need.COUNT_ATTEMPTS,
    }
)
SESSIONS = frozenset(
    {
        Need.LIVE_STATE,
        Need.ACCOUNTS,
        Need.PROVE_TOKENS,
        Need.REPORTING,
        Need.COUNT_ATTEMPTS,
    }
)
VIEWER = frozenset({Need.LIVE_STATE, Need.PROVE_TOKENS})
# The routes of an area share their settings, so some are told what only others may use.
PLACES = VIEWER | {Need.HISTORY_READ, Need.ACCOUNTS, Need.REPORTING}
REPORTS = PLACES | {Need.ORDER_FLUSHES}
READS = PLACES | {Need.CURSORS, Need.FLUSH_ADDRESS}
ACTS = PLACES | {Need.CURSORS, Need.ORDER_FLUSHES}
PROFILES = frozenset({Need.LIVE_STATE, Need.PROVE_TOKENS, Need.ACCOUNTS, Need.REPORTING})
SCREENS = VIEWER | {Need.ACCOUNTS, Need.REPORTING}
GRANTED = SCREENS | {Need.SIGN_GRANTS}
PLAYS = GRANTED | {Need.HISTORY_READ}
LISTS = VIEWER | {Need.ACCOUNTS, Need.REPORTING, Need.CURSORS}
