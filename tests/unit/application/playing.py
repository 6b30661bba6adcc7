"""A viewer, a film and a series that are published, and the use cases of playing wired to fakes."""

from dataclasses import replace
from uuid import uuid4

from reprise.application.playbacks import Grants
from reprise.application.refresh_grant import Refreshed, refresh_grant
from reprise.application.start_playback import Offer, Started, offer_playback, start_playback
from reprise.application.take_over_screen import take_over_screen
from reprise.domain.grants import Grant, SignedGrant, holder_of
from reprise.domain.identity import Device, Viewer
from reprise.domain.media import Runtime
from tests.builders import NOW_US, TV, make_film, make_series, make_viewer
from tests.fakes.catalog import FakeTitles
from tests.fakes.live_places import FakeLivePlaces
from tests.fakes.places import FakePlaces
from tests.fakes.playbacks import FakePlaybacks
from tests.fakes.renditions import FakeRenditions
from tests.fakes.stream_leases import FakeStreamLeases
from tests.published import publication

NOW = NOW_US // 1_000_000


class Signer:
    """Writes down what it signs."""

    def __init__(self) -> None:
        self.signed: list[Grant] = []

    def sign(self, *, grant: Grant) -> SignedGrant:
        self.signed.append(grant)
        return SignedGrant(
            "Policy=p", {"CloudFront-Policy": "p"}, grant.expires_at, grant.refresh_at
        )


class Playing:
    def __init__(self) -> None:
        self.now = NOW
        self.film, self.series = make_film(), make_series()
        self.catalog = FakeTitles(self.film, self.series)
        self.live = FakeLivePlaces()
        self.durable = FakePlaces()
        self.playbacks = FakePlaybacks(self.live, clock=lambda: self.now)
        self.leases = FakeStreamLeases(clock=lambda: self.now, plays=self.live.plays)
        self.publications = FakeRenditions({})
        for title in (self.film, self.series):
            for item in title.items:
                self.publications.runtimes[item.id] = Runtime(item.duration)
                self.publications.put(media=publication(title.id, item.id))
        self.signer = Signer()
        self.grants = Grants(signer=self.signer, media_url="https://host/media", seconds=3600)
        self.viewer = self.join()

    def join(self, *, of: Viewer | None = None, device: Device = TV, **policy: object) -> Viewer:
        """Sign somebody in, to the account of another viewer where one is named."""
        viewer = make_viewer()
        if of is not None:
            viewer = replace(of, session_id=str(uuid4()))
        viewer = replace(viewer, policy=replace(viewer.policy, **policy))  # type: ignore[arg-type]
        self.live.sign_in(viewer, device=device)
        return viewer

    def offer(
        self, viewer: Viewer | None = None, *, video_id: str = "", episode_id: str | None = None
    ) -> Offer:
        return offer_playback(
            viewer=viewer or self.viewer,
            video_id=video_id or self.film.id,
            episode_id=episode_id,
            playbacks=self.playbacks,
            catalog=self.catalog,
            publications=self.publications,
            durable=self.durable,
            now=self.now,
        )

    def play(self, viewer: Viewer | None = None, **what: str) -> Started:
        """Press play; every playback has an id of its own."""
        return self.start(self.offer(viewer, **what))

    def start(self, offer: Offer) -> Started:
        return start_playback(
            offer=offer,
            playback_id=str(uuid4()),
            playbacks=self.playbacks,
            leases=self.leases,
            grants=self.grants,
            now=self.now,
        )

    def refresh(self, playback_id: str, viewer: Viewer | None = None) -> Refreshed:
        return refresh_grant(
            viewer=viewer or self.viewer,
            playback_id=playback_id,
            playbacks=self.playbacks,
            catalog=self.catalog,
            leases=self.leases,
            grants=self.grants,
            now=self.now,
        )

    def take_over(self, playback_id: str, viewer: Viewer) -> None:
        take_over_screen(
            viewer=viewer,
            playback_id=playback_id,
            playbacks=self.playbacks,
            leases=self.leases,
            now=self.now,
        )

    def holder(self, viewer: Viewer | None = None) -> str:
        """Return whom the grants of a session are made out to."""
        return holder_of((viewer or self.viewer).session_id)

    def holders(self, viewer: Viewer | None = None) -> list[str]:
        account_id = (viewer or self.viewer).account_id
        return [lease.playback_id for lease in self.leases.holders(account_id=account_id)]
