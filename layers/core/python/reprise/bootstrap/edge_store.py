"""The wiring of what keeps the edge's store: it reaches that store and nothing else of ours."""

import time
from collections.abc import Callable
from functools import cached_property

from reprise.adapters.revoked_holders_cloudfront import CloudFrontRevokedHolders
from reprise.application.revocation_ports import RevokedHolders
from reprise.settings import PublisherSettings


class PublisherWiring:
    """The ports of the publisher of revocations."""

    def __init__(self, settings: PublisherSettings) -> None:
        self._settings = settings
        self.clock: Callable[[], float] = time.time

    @cached_property
    def revoked_holders(self) -> RevokedHolders:
        return CloudFrontRevokedHolders(arn=self._settings.edge_store.arn)
