from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.select_profile_request import SelectProfileRequest
from ...models.selected import Selected
from ...types import UNSET, Response, Unset


def _get_kwargs(
    profile_id: str,
    *,
    body: SelectProfileRequest | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_correlation_id, Unset):
        headers["X-Correlation-Id"] = x_correlation_id

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/profiles/{profile_id}/select".format(
            profile_id=quote(str(profile_id), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | Selected | None:
    if response.status_code == 200:
        response_200 = Selected.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

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
) -> Response[Problem | Selected]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    profile_id: str,
    *,
    client: AuthenticatedClient,
    body: SelectProfileRequest | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[Problem | Selected]:
    """Go on as another profile of the account, with its PIN if any

     The access token that was sent proves nothing any more. The device goes on with this profile at its
    next sign-in.

    Needs an access token; a profile need not be selected. Refused to kids profiles.

    Args:
        profile_id (str):
        x_correlation_id (str | Unset):
        body (SelectProfileRequest | Unset): The body of `POST /profiles/{id}/select`, which may
            be left out where there is no PIN.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Selected]
    """

    kwargs = _get_kwargs(
        profile_id=profile_id,
        body=body,
        x_correlation_id=x_correlation_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    profile_id: str,
    *,
    client: AuthenticatedClient,
    body: SelectProfileRequest | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Problem | Selected | None:
    """Go on as another profile of the account, with its PIN if any

     The access token that was sent proves nothing any more. The device goes on with this profile at its
    next sign-in.

    Needs an access token; a profile need not be selected. Refused to kids profiles.

    Args:
        profile_id (str):
        x_correlation_id (str | Unset):
        body (SelectProfileRequest | Unset): The body of `POST /profiles/{id}/select`, which may
            be left out where there is no PIN.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Selected
    """

    return sync_detailed(
        profile_id=profile_id,
        client=client,
        body=body,
        x_correlation_id=x_correlation_id,
    ).parsed


async def asyncio_detailed(
    profile_id: str,
    *,
    client: AuthenticatedClient,
    body: SelectProfileRequest | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Response[Problem | Selected]:
    """Go on as another profile of the account, with its PIN if any

     The access token that was sent proves nothing any more. The device goes on with this profile at its
    next sign-in.

    Needs an access token; a profile need not be selected. Refused to kids profiles.

    Args:
        profile_id (str):
        x_correlation_id (str | Unset):
        body (SelectProfileRequest | Unset): The body of `POST /profiles/{id}/select`, which may
            be left out where there is no PIN.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Selected]
    """

    kwargs = _get_kwargs(
        profile_id=profile_id,
        body=body,
        x_correlation_id=x_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    profile_id: str,
    *,
    client: AuthenticatedClient,
    body: SelectProfileRequest | Unset = UNSET,
    x_correlation_id: str | Unset = UNSET,
) -> Problem | Selected | None:
    """Go on as another profile of the account, with its PIN if any

     The access token that was sent proves nothing any more. The device goes on with this profile at its
    next sign-in.

    Needs an access token; a profile need not be selected. Refused to kids profiles.

    Args:
        profile_id (str):
        x_correlation_id (str | Unset):
        body (SelectProfileRequest | Unset): The body of `POST /profiles/{id}/select`, which may
            be left out where there is no PIN.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Selected
    """

    return (
        await asyncio_detailed(
            profile_id=profile_id,
            client=client,
            body=body,
            x_correlation_id=x_correlation_id,
        )
    ).parsed
