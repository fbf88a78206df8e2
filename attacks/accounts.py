"""An account of every service, in a world of simulated clouds."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from carport.cloud.zones import zone
from carport.makers.my_renault.countries import COUNTRIES
from tests.makers.account import ServiceAccount
from tests.makers.profile import Profile
from tests.makers.profiles import PROFILES
from tests.world import World

_MAKERS: Final = Path(__file__).parents[1] / "tests" / "makers"


def attacked(only: str | None = None) -> Iterator[Profile]:
    """Yield the profile of every service that calls a maker's cloud and reads."""
    for profile in PROFILES.values():
        known = profile.has_cloud and profile.tested_by is None
        if known and only in {None, profile.service}:
            yield profile


@asynccontextmanager
async def account_of(profile: Profile) -> AsyncIterator[ServiceAccount[Any]]:
    """Open a world with a service's account, which has not signed in."""
    for country in COUNTRIES.values():
        # A thread reads them, and time would go on meanwhile.
        await zone(country.zone)
    async with World().opened() as world:
        account = _kind_of(profile.service)(world, profile.tester)
        yield account
        await account.service.close()


def _kind_of(service: str) -> type[ServiceAccount[Any]]:
    """Return how the tests build an account of a service."""
    for path in sorted(_MAKERS.glob("*/account.py")):
        module = import_module(f"tests.makers.{path.parent.name}.account")
        for kind in vars(module).values():
            if (
                isinstance(kind, type)
                and issubclass(kind, ServiceAccount)
                and kind.__module__ == module.__name__
                and kind.kind.info.key == service
            ):
                return kind
    raise LookupError(service)


def texts(kept: Any) -> Iterator[str]:
    """Yield all texts of what is kept, which are tokens for the most part."""
    if isinstance(kept, dict):
        for key, value in kept.items():
            if not str(key).startswith("away_"):
                yield from texts(value)
    elif isinstance(kept, list):
        for value in kept:
            yield from texts(value)
    elif isinstance(kept, str):
        yield kept
