from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.manifest import Manifest
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    episode_id: str,
    *,
    if_none_match: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    if not isinstance(x_correlation_id, Unset):
        headers["X-Correlation-Id"] = x_correlation_id

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/stream/{id}/episodes/{episode_id}/manifest".format(
            id=quote(str(id), safe=""),
            episode_id=quote(str(episode_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Manifest | Problem | None:
    if response.status_code == 200:
        response_200 = Manifest.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | Manifest | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    episode_id: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[Any | Manifest | Problem]:
    """The manifest of an episode of that series

     Needs an access token with a selected profile.

    Args:
        id (str):
        episode_id (str):
        if_none_match (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Manifest | Problem]
    """

    kwargs = _get_kwargs(
        id=id,
        episode_id=episode_id,
        if_none_match=if_none_match,
        x_correlation_id=x_correlation_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    episode_id: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Any | Manifest | Problem | None:
    """The manifest of an episode of that series

     Needs an access token with a selected profile.

    Args:
        id (str):
        episode_id (str):
        if_none_match (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Manifest | Problem
    """

    return sync_detailed(
        id=id,
        episode_id=episode_id,
        client=client,
        if_none_match=if_none_match,
        x_correlation_id=x_correlation_id,
    ).parsed


async def asyncio_detailed(
    id: str,
    episode_id: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[Any | Manifest | Problem]:
    """The manifest of an episode of that series

     Needs an access token with a selected profile.

    Args:
        id (str):
        episode_id (str):
        if_none_match (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Manifest | Problem]
    """

    kwargs = _get_kwargs(
        id=id,
        episode_id=episode_id,
        if_none_match=if_none_match,
        x_correlation_id=x_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    episode_id: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Any | Manifest | Problem | None:
    """The manifest of an episode of that series

     Needs an access token with a selected profile.

    Args:
        id (str):
        episode_id (str):
        if_none_match (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Manifest | Problem
    """

    return (
        await asyncio_detailed(
            id=id,
            episode_id=episode_id,
            client=client,
            if_none_match=if_none_match,
            x_correlation_id=x_correlation_id,
        )
    ).parsed
