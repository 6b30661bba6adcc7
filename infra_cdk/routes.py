"""Every function of Reprise as data: adding an endpoint is one row here and one folder.

Nothing in here knows the cloud: a `Need` is turned into variables and grants by the service stack,
so a row says everything a function may read, reach and do.
"""

from infra_cdk.kinds import ACCOUNTS, HISTORY, Access, Function, Need, Route
from infra_cdk.workers import MEDIA_WORKERS, WORKERS

_SIGNS_IN = frozenset(
    {
        Need.LIVE_STATE,
        Need.ACCOUNTS,
        Need.SIGN_TOKENS,
        Need.EDGE_PROOF,
        Need.REPORTING,
        Need.COUNT_ATTEMPTS,
    }
)
_SESSIONS = frozenset(
    {
        Need.LIVE_STATE,
        Need.ACCOUNTS,
        Need.PROVE_TOKENS,
        Need.REPORTING,
        Need.COUNT_ATTEMPTS,
    }
)
PASSWORD_MEMORY_MB = 1024
"""A password hash takes 64 MB and as much CPU as the memory buys."""
_VIEWER = frozenset({Need.LIVE_STATE, Need.PROVE_TOKENS})
# The routes of an area share their settings, so some are told what only others may use.
_PLACES = _VIEWER | {Need.HISTORY_READ, Need.ACCOUNTS, Need.REPORTING}
_REPORTS = _PLACES | {Need.ORDER_FLUSHES}
_READS = _PLACES | {Need.CURSORS, Need.FLUSH_ADDRESS}
_ACTS = _PLACES | {Need.CURSORS, Need.ORDER_FLUSHES}
_PROFILES = frozenset({Need.LIVE_STATE, Need.PROVE_TOKENS, Need.ACCOUNTS, Need.REPORTING})
_SCREENS = _VIEWER | {Need.ACCOUNTS, Need.REPORTING}
_GRANTED = _SCREENS | {Need.SIGN_GRANTS}
_PLAYS = _GRANTED | {Need.HISTORY_READ}
_LISTS = _VIEWER | {Need.ACCOUNTS, Need.REPORTING, Need.CURSORS}

ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/auth/login",
        access=Access.PUBLIC,
        folder="auth/log_in",
        layers=(ACCOUNTS,),
        needs=_SIGNS_IN,
        memory_mb=PASSWORD_MEMORY_MB,
        share=0.05,
    ),
    Route(
        method="POST",
        path="/auth/signup",
        access=Access.PUBLIC,
        folder="auth/sign_up",
        layers=(ACCOUNTS,),
        needs=_SIGNS_IN,
        memory_mb=PASSWORD_MEMORY_MB,
        share=0.02,
    ),
    Route(
        method="POST",
        path="/auth/refresh",
        access=Access.PUBLIC,
        folder="auth/refresh_session",
        layers=(ACCOUNTS,),
        needs=_SIGNS_IN,
        share=0.1,
    ),
    Route(
        method="POST",
        path="/auth/logout",
        access=Access.ACCOUNT,
        folder="auth/log_out",
        layers=(ACCOUNTS,),
        needs=_SESSIONS,
    ),
    Route(
        method="PUT",
        path="/auth/password",
        access=Access.ACCOUNT,
        folder="auth/change_password",
        layers=(ACCOUNTS,),
        needs=_SESSIONS,
        memory_mb=PASSWORD_MEMORY_MB,
        share=0.02,
    ),
    Route(
        method="GET",
        path="/.well-known/jwks.json",
        access=Access.PUBLIC,
        folder="auth/list_keys",
        needs=frozenset({Need.PROVE_TOKENS}),
        share=0.05,
    ),
    Route(
        method="GET",
        path="/sessions",
        access=Access.ACCOUNT,
        folder="sessions/list_sessions",
        layers=(ACCOUNTS,),
        needs=_SESSIONS,
    ),
    Route(
        method="DELETE",
        path="/sessions",
        access=Access.ACCOUNT,
        folder="sessions/revoke_other_sessions",
        layers=(ACCOUNTS,),
        needs=_SESSIONS,
    ),
    Route(
        method="DELETE",
        path="/sessions/{sessionId}",
        access=Access.ACCOUNT,
        folder="sessions/revoke_session",
        layers=(ACCOUNTS,),
        needs=_SESSIONS,
    ),
    Route(
        method="POST",
        path="/stream/progress",
        access=Access.VIEWER,
        folder="stream/record_progress",
        layers=(HISTORY, ACCOUNTS),
        needs=_REPORTS,
    ),
    Route(
        method="POST",
        path="/stream/progress/batch",
        access=Access.VIEWER,
        folder="stream/record_batch",
        layers=(HISTORY, ACCOUNTS),
        needs=_REPORTS,
    ),
    # One name for a title's id and a playback's: API Gateway takes one variable at a place.
    Route(
        method="GET",
        path="/stream/{id}/manifest",
        access=Access.VIEWER,
        folder="stream/play_film",
        layers=(HISTORY, ACCOUNTS),
        needs=_PLAYS,
    ),
    Route(
        method="GET",
        path="/stream/{id}/episodes/{episodeId}/manifest",
        access=Access.VIEWER,
        folder="stream/play_episode",
        layers=(HISTORY, ACCOUNTS),
        needs=_PLAYS,
    ),
    Route(
        method="POST",
        path="/stream/{id}/refresh",
        access=Access.VIEWER,
        folder="stream/refresh_grant",
        layers=(ACCOUNTS,),
        needs=_GRANTED,
    ),
    Route(
        method="POST",
        path="/stream/{id}/takeover",
        access=Access.VIEWER,
        folder="stream/take_over_screen",
        layers=(ACCOUNTS,),
        needs=_SCREENS,
    ),
    Route(
        method="GET",
        path="/continue-watching",
        access=Access.VIEWER,
        folder="playstate/list_continue_watching",
        layers=(HISTORY, ACCOUNTS),
        needs=_READS,
    ),
    Route(
        method="DELETE",
        path="/continue-watching/{videoId}",
        access=Access.VIEWER,
        folder="playstate/hide_title",
        layers=(HISTORY, ACCOUNTS),
        needs=_ACTS,
    ),
    Route(
        method="GET",
        path="/history",
        access=Access.VIEWER,
        folder="playstate/list_history",
        layers=(HISTORY, ACCOUNTS),
        needs=_READS,
    ),
    Route(
        method="PUT",
        path="/videos/{videoId}/watched",
        access=Access.VIEWER,
        folder="playstate/mark_watched",
        layers=(HISTORY, ACCOUNTS),
        needs=_ACTS,
    ),
    Route(
        method="DELETE",
        path="/videos/{videoId}/watched",
        access=Access.VIEWER,
        folder="playstate/unmark_watched",
        layers=(HISTORY, ACCOUNTS),
        needs=_ACTS,
    ),
    Route(
        method="GET",
        path="/videos/{videoId}",
        access=Access.VIEWER,
        folder="catalog/show_title",
        layers=(ACCOUNTS,),
        needs=_LISTS,
    ),
    Route(
        method="GET",
        path="/search",
        access=Access.VIEWER,
        folder="catalog/search_titles",
        layers=(ACCOUNTS,),
        needs=_LISTS,
        share=0.2,
    ),
    Route(
        method="GET",
        path="/my-list",
        access=Access.VIEWER,
        folder="my_list/list_my_list",
        layers=(ACCOUNTS,),
        needs=_LISTS,
    ),
    Route(
        method="PUT",
        path="/my-list/{videoId}",
        access=Access.VIEWER,
        folder="my_list/put_on_my_list",
        layers=(ACCOUNTS,),
        needs=_LISTS,
    ),
    Route(
        method="DELETE",
        path="/my-list/{videoId}",
        access=Access.VIEWER,
        folder="my_list/remove_from_my_list",
        layers=(ACCOUNTS,),
        needs=_LISTS,
    ),
    Route(
        method="GET",
        path="/profiles",
        access=Access.ACCOUNT,
        folder="profiles/list_profiles",
        layers=(ACCOUNTS,),
        needs=_PROFILES,
    ),
    Route(
        method="POST",
        path="/profiles",
        access=Access.ACCOUNT,
        folder="profiles/create_profile",
        layers=(ACCOUNTS,),
        needs=_PROFILES,
        memory_mb=1024,  # a PIN is hashed as a password is
    ),
    Route(
        method="PATCH",
        path="/profiles/{profileId}",
        access=Access.ACCOUNT,
        folder="profiles/edit_profile",
        layers=(ACCOUNTS,),
        needs=_PROFILES,
        memory_mb=1024,
    ),
    Route(
        method="DELETE",
        path="/profiles/{profileId}",
        access=Access.ACCOUNT,
        folder="profiles/delete_profile",
        layers=(HISTORY, ACCOUNTS),
        needs=_PROFILES | {Need.HISTORY_WRITE},
        timeout_seconds=25,  # every store in one request, within what API Gateway waits
        share=0.02,
    ),
    Route(
        method="POST",
        path="/profiles/{profileId}/select",
        access=Access.ACCOUNT,
        folder="profiles/select_profile",
        layers=(ACCOUNTS,),
        needs=_PROFILES | {Need.SIGN_TOKENS, Need.EDGE_PROOF},
        memory_mb=1024,
        share=0.05,
    ),
    Route(
        method="POST",
        path="/analytics/playback",
        access=Access.VIEWER,
        folder="analytics/report_playback",
        needs=_VIEWER | {Need.REPORTING, Need.QUALITY},
    ),
    Route(
        method="GET",
        path="/health",
        access=Access.PUBLIC,
        folder="system/check_health",
        layers=(HISTORY, ACCOUNTS),
        needs=frozenset({Need.LIVE_STATE, Need.HISTORY_READ, Need.ACCOUNTS}),
        share=0.02,
    ),
)

FUNCTIONS: tuple[Function, ...] = (*ROUTES, *WORKERS)
"""Of every stage."""

EVERY_FUNCTION: tuple[Function, ...] = (*FUNCTIONS, *MEDIA_WORKERS)
