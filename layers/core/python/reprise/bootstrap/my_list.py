"""The wiring of the routes of my list."""

from functools import cached_property

from reprise.adapters.my_list_postgres import PostgresMyLists
from reprise.adapters.region_content_postgres import PostgresRegionSource
from reprise.adapters.region_content_redis import RedisRegionContent
from reprise.application.my_list_ports import MyLists
from reprise.application.region_ports import RegionContent
from reprise.bootstrap.stores import ViewerWiring
from reprise.settings import MyListSettings, ViewerSettings


class MyListWiring(ViewerWiring[ViewerSettings]):
    """The ports of my list."""

    def __init__(self, settings: MyListSettings) -> None:
        super().__init__(settings.viewer)

    @cached_property
    def lists(self) -> MyLists:
        return PostgresMyLists(postgres=self._postgres)

    @cached_property
    def regions(self) -> RegionContent:
        return RedisRegionContent(
            self._redis,
            source=lambda: PostgresRegionSource(postgres=self._postgres),
            now=self.clock,
            pause=self.pause,
        )
