"""What these tests start from: a world at the present time, and clients in it.

The independent client compares the end of its tokens with the machine's own clock, so
the world begins at the present, and its tokens live as long as a test may last.
"""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from renault_api.const import (
    CONF_GIGYA_APIKEY,
    CONF_GIGYA_URL,
    CONF_KAMEREON_APIKEY,
    CONF_KAMEREON_URL,
)
from renault_api.credential_store import CredentialStore
from renault_api.renault_client import RenaultClient
from renault_api.renault_vehicle import RenaultVehicle

from simulator.accounts import ACCOUNTS
from simulator.my_renault.regions import KAMEREON_KEY, REGIONS
from tests.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Give a running world that begins now."""
    async with World(datetime.now(UTC)).opened() as world:
        world.control.service("my_renault", quota=None, jwt_life=90 * 86_400)
        yield world


class Owner:
    """One of the simulator's persons, with the independent client in hand."""

    def __init__(self, world: World, name: str) -> None:
        """Take a client for a person, not signed in."""
        self.world = world
        self.spec = next(
            one for one in ACCOUNTS if one.username == f"{name}@example.com"
        )
        self.store = CredentialStore()
        self.client = self.another()

    def another(self) -> RenaultClient:
        """Return a client that knows what this one's store holds."""
        region = REGIONS[self.spec.region]
        return RenaultClient(
            websession=self.world.session,
            country=self.spec.more["country"],
            locale=f"fr_{self.spec.more['country']}",
            locale_details={
                CONF_GIGYA_URL: self.world.address(region.gigya),
                CONF_GIGYA_APIKEY: region.gigya_key,
                CONF_KAMEREON_URL: self.world.address(region.kamereon),
                CONF_KAMEREON_APIKEY: KAMEREON_KEY,
            },
            credential_store=self.store,
        )

    async def sign_in(self) -> None:
        """Sign in with the password."""
        await self.client.session.login(self.spec.username, self.spec.password)

    async def car(self, vin: str) -> RenaultVehicle:
        """Return a car of any of the person's accounts."""
        for account in await self.client.get_api_accounts():
            for car in await account.get_api_vehicles():
                if car.vin == vin:
                    return car
        raise AssertionError("no such car")

    @staticmethod
    async def path(car: RenaultVehicle, resource: str) -> str:
        """Return where the client's table has a resource of a car."""
        return await car.get_full_endpoint(resource)

    def turn(self, **changes: Any) -> None:
        """Change settings of the account."""
        self.world.control.account(self.spec.username, **changes)

    @property
    def codes(self) -> list[str]:
        """The codes that were sent to the person, newest first."""
        return [mail.code for mail in self.world.control.mail(self.spec.username)]


@pytest.fixture
def owner_of(world: World) -> Callable[[str], Owner]:
    """Return how to get a person by name."""
    return lambda name: Owner(world, name)


@pytest.fixture
async def tester(world: World) -> Owner:
    """Return the person with a Megane and a Zoe, signed in."""
    owner = Owner(world, "my.renault.tester")
    await owner.sign_in()
    return owner
