import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.my_list import MyList
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    changed_since: datetime.datetime | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_correlation_id, Unset):
        headers["X-Correlation-Id"] = x_correlation_id

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_changed_since: str | Unset = UNSET
    if not isinstance(changed_since, Unset):
        json_changed_since = changed_since.isoformat()
    params["changedSince"] = json_changed_since

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/my-list",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> MyList | Problem | None:
    if response.status_code == 200:
        response_200 = MyList.from_dict(response.json())

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
) -> Response[MyList | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    changed_since: datetime.datetime | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[MyList | Problem]:
    """The titles that a profile put aside, in its own order, a page at a time

     Needs an access token with a selected profile.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        changed_since (datetime.datetime | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MyList | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        changed_since=changed_since,
        x_correlation_id=x_correlation_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    changed_since: datetime.datetime | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> MyList | Problem | None:
    """The titles that a profile put aside, in its own order, a page at a time

     Needs an access token with a selected profile.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        changed_since (datetime.datetime | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MyList | Problem
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        changed_since=changed_since,
        x_correlation_id=x_correlation_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    changed_since: datetime.datetime | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[MyList | Problem]:
    """The titles that a profile put aside, in its own order, a page at a time

     Needs an access token with a selected profile.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        changed_since (datetime.datetime | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MyList | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        changed_since=changed_since,
        x_correlation_id=x_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    changed_since: datetime.datetime | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> MyList | Problem | None:
    """The titles that a profile put aside, in its own order, a page at a time

     Needs an access token with a selected profile.

    Args:
        limit (int | Unset):  Default: 50.
        cursor (str | Unset):
        changed_since (datetime.datetime | Unset):
        x_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MyList | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            changed_since=changed_since,
            x_correlation_id=x_correlation_id,
        )
    ).parsed
