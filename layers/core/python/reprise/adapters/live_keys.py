"""The names of every Redis key of a profile's live state, all in the slot of its bucket."""

from dataclasses import dataclass

from reprise.domain.buckets import bucket_of, tag_of

STOPPED = "0"
"""What stands at a `playing` key where its playback stopped; else that it goes on."""


@dataclass(frozen=True, slots=True)
class BucketKeys:
    """Keys that all profiles of a bucket share."""

    dirty: str
    claimed: str
    quarantined: str

    @classmethod
    def of(cls, bucket: int) -> "BucketKeys":
        tag = tag_of(bucket)
        return cls(f"{tag}:dirty", f"{tag}:claimed", f"{tag}:quarantined")


@dataclass(frozen=True, slots=True)
class ProfileKeys:
    """Keys of one profile. Methods complete themselves with an id."""

    tag: str
    profile_id: str

    @classmethod
    def of(cls, profile_id: str) -> "ProfileKeys":
        return cls(tag_of(bucket_of(profile_id)), profile_id)

    def session(self, session_id: str) -> str:
        return f"{self.tag}:session:{session_id}"

    def rate(self, session_id: str) -> str:
        return f"{self.tag}:rate:{session_id}"

    def place(self, item_id: str) -> str:
        return f"{self.tag}:place:{self.profile_id}:{item_id}"

    def playing(self, playback_id: str) -> str:
        """Stands for a lease after each report of a player that is on line; batches leave none.

        It names no profile, so that a deletion need not know which playbacks there were.
        """
        return f"{self.tag}:playing:{playback_id}"

    def playback(self, playback_id: str) -> str:
        """Says what a playback plays, for days; it names no profile either."""
        return f"{self.tag}:playback:{playback_id}"

    @property
    def live(self) -> str:
        return f"{self.tag}:live:{self.profile_id}"

    @property
    def version(self) -> str:
        return f"{self.tag}:pv:{self.profile_id}"

    @property
    def row(self) -> str:
        return f"{self.tag}:row:{self.profile_id}"

    @property
    def fill(self) -> str:
        return f"{self.tag}:fill:{self.profile_id}"

    @property
    def erased(self) -> str:
        """Stands for a minute where the profile is being deleted: no row is filled then."""
        return f"{self.tag}:erased:{self.profile_id}"

    @property
    def erasing(self) -> str:
        """What a deletion that is under way, or was cut off, has found of the profile."""
        return f"{self.tag}:erasing:{self.profile_id}"

    def script_keys(self, session_id: str) -> list[str]:
        """The keys in front of every viewer's script, in the order the scripts expect."""
        return [
            self.session(session_id),
            self.rate(session_id),
            f"{self.tag}:dirty",
            f"{self.tag}:claimed",
            self.live,
            self.version,
            self.row,
        ]
