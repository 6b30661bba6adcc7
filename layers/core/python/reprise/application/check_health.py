"""Which stores answer: asked all at once, so that the slowest decides how long it takes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from reprise.application.ports import StoreCheck


def check_health(*, stores: Mapping[str, StoreCheck]) -> Mapping[str, bool]:
    """Say of each store, by name, whether it answers."""
    with ThreadPoolExecutor(max_workers=len(stores)) as pool:
        answers = pool.map(lambda store: store.ping(), stores.values())
        return dict(zip(stores, answers, strict=True))
