"""What a grant covers, and when a player shall ask for the next."""

import re

import pytest

from reprise.domain.grants import GRANT_SECONDS, Grant, grant_of_title, holder_of, segment

NOW = 1_795_000_000
MEDIA = "https://media.example/media"
HOLDER = holder_of("s-1")


def test_a_grant_covers_every_file_of_its_title_and_ends_after_an_hour() -> None:
    grant = grant_of_title(media_url=MEDIA, holder=HOLDER, title_id="t-1", now=NOW)
    assert grant.resource == f"https://media.example/media/{HOLDER}/t-1/*"
    assert grant.expires_at == NOW + 3600 == NOW + GRANT_SECONDS
    assert (grant.starts_at, grant.network) == (None, None)


def test_a_holder_is_known_by_22_letters_of_a_path_that_do_not_name_the_session() -> None:
    assert holder_of("5f2b7e7c-61b3-4f3b-9d38-5d2ad4ab8a11") == "kbemel3Rla5wbRxaEzkSvw"
    holders = {holder_of(f"session-{number}") for number in range(1000)}
    assert len(holders) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", holder) for holder in holders)


def test_a_grant_may_begin_later_and_be_for_one_network() -> None:
    grant = grant_of_title(
        media_url=MEDIA,
        holder=HOLDER,
        title_id="t-1",
        now=NOW,
        starts_at=NOW + 10,
        network="192.0.2.0/24",
    )
    assert (grant.starts_at, grant.network) == (NOW + 10, "192.0.2.0/24")


@pytest.mark.parametrize("seconds", [300, 3600, 7])
def test_the_next_grant_is_fetched_when_as_much_time_is_left_as_went_by(seconds: int) -> None:
    grant = grant_of_title(media_url=MEDIA, holder=HOLDER, title_id="t-1", now=NOW, seconds=seconds)
    assert NOW < grant.refresh_at <= NOW + seconds / 2


@pytest.mark.parametrize(
    ("title_id", "encoded"),
    [
        ("a b", "a%20b"),
        ("*", "%2A"),
        ("a?b", "a%3Fb"),
        ("../other", "..%2Fother"),
        ("50%", "50%25"),
        ("Amélie", "Am%C3%A9lie"),
        ("千と千尋", "%E5%8D%83%E3%81%A8%E5%8D%83%E5%B0%8B"),
        ("it's_fine-~.", "it%27s_fine-~."),
    ],
)
def test_an_exotic_title_is_granted_as_it_stands_in_a_url_and_widens_nothing(
    title_id: str, encoded: str
) -> None:
    grant = grant_of_title(media_url=MEDIA, holder=HOLDER, title_id=title_id, now=NOW)
    assert grant.resource == f"{MEDIA}/{HOLDER}/{encoded}/*"


@pytest.mark.parametrize("text", ["", ".", ".."])
def test_what_is_no_folder_of_its_own_is_never_granted(text: str) -> None:
    with pytest.raises(ValueError, match="no name of a folder"):
        segment(text)


@pytest.mark.parametrize("lost_in_a_row", [0, 1, 2])
def test_a_film_of_three_hours_plays_on_grants_of_five_minutes(lost_in_a_row: int) -> None:
    def fetch(now: int) -> Grant:
        return grant_of_title(media_url=MEDIA, holder=HOLDER, title_id="t-1", now=now, seconds=300)

    grant, lost, fetched = fetch(NOW), 0, 1
    for now in range(NOW, NOW + 3 * 3600, 4):  # a segment lasts four seconds
        if now >= grant.refresh_at and (now - grant.refresh_at) // 30 >= lost:
            lost += 1  # asks again every half a minute
            if lost > lost_in_a_row:
                grant, lost, fetched = fetch(now), 0, fetched + 1
        assert now < grant.expires_at, "the edge refuses the segment"
    assert fetched > 3 * 3600 // 300
