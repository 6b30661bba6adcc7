from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.marked_item import MarkedItem
from ...models.marked_items import MarkedItems
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    video_id: str,
    *,
    episode_id: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_correlation_id, Unset):
        headers["X-Correlation-Id"] = x_correlation_id

    params: dict[str, Any] = {}

    params["episodeId"] = episode_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/videos/{video_id}/watched".format(
            video_id=quote(str(video_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> MarkedItem | MarkedItems | Problem | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> MarkedItem | MarkedItems:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = MarkedItem.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_200_type_1 = MarkedItems.from_dict(data)

            return response_200_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

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
) -> Response[MarkedItem | MarkedItems | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    episode_id: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[MarkedItem | MarkedItems | Problem]:
    """Not watched after all; the place before it stands again

     Needs an access token with a selected profile.

    Args:
        video_id (str):
        episode_id (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MarkedItem | MarkedItems | Problem]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        episode_id=episode_id,
        x_correlation_id=x_correlation_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    video_id: str,
    *,
    client: AuthenticatedClient,
    episode_id: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> MarkedItem | MarkedItems | Problem | None:
    """Not watched after all; the place before it stands again

     Needs an access token with a selected profile.

    Args:
        video_id (str):
        episode_id (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MarkedItem | MarkedItems | Problem
    """

    return sync_detailed(
        video_id=video_id,
        client=client,
        episode_id=episode_id,
        x_correlation_id=x_correlation_id,
    ).parsed


async def asyncio_detailed(
    video_id: str,
    *,
    client: AuthenticatedClient,
    episode_id: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[MarkedItem | MarkedItems | Problem]:
    """Not watched after all; the place before it stands again

     Needs an access token with a selected profile.

    Args:
        video_id (str):
        episode_id (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MarkedItem | MarkedItems | Problem]
    """

    kwargs = _get_kwargs(
        video_id=video_id,
        episode_id=episode_id,
        x_correlation_id=x_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    video_id: str,
    *,
    client: AuthenticatedClient,
    episode_id: str | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> MarkedItem | MarkedItems | Problem | None:
    """Not watched after all; the place before it stands again

     Needs an access token with a selected profile.

    Args:
        video_id (str):
        episode_id (str | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MarkedItem | MarkedItems | Problem
    """

    return (
        await asyncio_detailed(
            video_id=video_id,
            client=client,
            episode_id=episode_id,
            x_correlation_id=x_correlation_id,
        )
    ).parsed
