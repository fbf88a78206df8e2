"""The owner's account: who it is, its cars, and the rights to each."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final

from ...service.contract import Car, Context
from ...service.errors import BadAnswer, NotPermitted, NotSupported
from ...service.ledger import Purpose
from ...service.rows import dig
from ...service.vault import Vault
from . import cars
from .gateway import Call, Gateway
from .hosts import DATA, META, PROFILE, USERS, data_base
from .together import together
from .tokens import IdentityTokens

PERSONAL: Final = "/{user}/personalData"
MBB_STATUS: Final = "/{user}/mbbStatusData"
IDENTITY: Final = "/{user}/identityData"
CAR_USERS: Final = "/uic/v1/vin/{vin}/users"
ROLE: Final = "/rolesrights/permissions/v1/VW/{country}/vehicles/{vin}/fetched-role"
RIGHTS: Final = f"{cars.OPERATIONS}/users/{{mbb}}"
CAR_PORT: Final = "/promoter/portfolio/v1/VW/{country}/vehicle/{vin}/carportdata"

_COUNTRY: Final = "DE"


class AccountCalls:
    """Calls about the account rather than about the state of a car."""

    def __init__(
        self,
        context: Context,
        vault: Vault,
        identity: IdentityTokens,
        services: Gateway,
    ) -> None:
        """Use both tiers of tokens."""
        self._clock = context.clock
        self._vault = vault
        self._tokens = identity
        self._profile = Gateway(context, identity)
        self._services = services

    def values(self, vin: str = "") -> dict[str, str]:
        """Return what fills the braces of paths."""
        return {
            "vin": vin,
            "user": self._vault.text("user_id") or "",
            "mbb": self._vault.text("mbb_user") or "",
            "country": self._vault.text("country") or _COUNTRY,
        }

    async def introduce(self) -> str:
        """Learn who the owner is for the cars' services, and where; return the id."""
        personal, status = await together(
            self._owner(PERSONAL), self._owner(MBB_STATUS)
        )
        mbb = personal.get("businessIdentifierValue") or status.get("mbbUserId")
        if not isinstance(mbb, str) or not mbb:
            raise BadAnswer(PERSONAL)
        country = status.get("carnetEnrollmentCountry")
        known = isinstance(country, str) and len(country) == len(_COUNTRY)
        await self._vault.keep(mbb_user=mbb, country=country if known else _COUNTRY)
        return mbb

    async def cars(self) -> tuple[Car, ...]:
        """List the cars, each with its home and its rights."""
        listed, names, horn = await together(
            self._services.json(
                Call(base=DATA, path=cars.VEHICLES, values=self.values()), Purpose.LIST
            ),
            _optional(self._owner(cars.REAL_CARS)),
            _optional(
                self._services.json(
                    Call(base=DATA, path=cars.HORN, values=self.values()), Purpose.LIST
                )
            ),
        )
        nicknames = cars.nicknames_of(names)
        seconds = cars.horn_seconds_of(horn)
        return await together(
            *(
                self._car(vin, nicknames.get(vin), seconds)
                for vin in cars.vins_of(listed)
            )
        )

    async def _car(
        self, vin: str, nickname: str | None, horn_seconds: float | None
    ) -> Car:
        """Describe a car; one that the account has no right to is listed all the same.

        Without a home of its own its data is where it always was.
        """
        home, operations = await together(
            _permitted(self._about(vin, META, cars.HOME)),
            _permitted(self._about(vin, META, cars.OPERATIONS)),
        )
        base = data_base(cars.home_of(home)) or DATA
        details = await _optional(self._about(vin, base, cars.DETAILS))
        services = cars.services_of(operations, self._clock.now()) if operations else {}
        return cars.car_of(vin, base, services, details, nickname, horn_seconds)

    async def owner(self) -> dict[str, Any]:
        """Return what the account says of itself, without a name or an address."""
        status, identity = await together(
            self._owner(MBB_STATUS), self._owner(IDENTITY)
        )
        return {
            "profile_completed": status.get("profileCompleted"),
            "pin_defined": status.get("spinDefined"),
            "country": status.get("carnetEnrollmentCountry"),
            "email_verified": identity.get("emailVerified"),
        }

    async def rights(self, car: Car) -> dict[str, Any]:
        """Return who may use a car, as what, and which services are on."""
        base = car.handle["base"]
        rights, role, users = await together(
            self._about(car.vin, base, RIGHTS),
            _optional(self._about(car.vin, base, ROLE)),
            _optional(self._users(car.vin)),
        )
        people = users.get("users")
        return {
            "role": _said(role, "role", "content"),
            "security_level": _said(role, "role", "securityLevel"),
            "users": [
                {"nickname": user.get("nickname"), "role": user.get("role")}
                for user in (people if isinstance(people, list) else ())
                if isinstance(user, Mapping)
            ],
            "services": cars.rights_of(rights, self._clock.now()),
        }

    async def car_data(self, car: Car) -> dict[str, Any]:
        """Return what was built into a car; the second source was soon shut."""
        base = car.handle["base"]
        details, port = await together(
            self._about(car.vin, base, cars.DETAILS),
            _optional(self._about(car.vin, base, CAR_PORT)),
        )
        known = dig(details, ("vehicleDataDetail",))
        built = dig(known, ("carportData",))
        return {
            "connected": dig(known, ("isConnect",)) is True,
            "built": dict(built) if isinstance(built, Mapping) else {},
            "car_port": dict(port),
        }

    async def _owner(self, path: str) -> Mapping[str, Any]:
        return await self._profile.json(
            Call(base=PROFILE, path=path, values=self.values()), Purpose.LIST
        )

    async def _about(self, vin: str, base: str, path: str) -> Mapping[str, Any]:
        return await self._services.json(
            Call(base=base, path=path, values=self.values(vin)), Purpose.LIST
        )

    async def _users(self, vin: str) -> Mapping[str, Any]:
        tokens = await self._tokens.fresh()
        return await self._profile.json(
            Call(
                base=USERS,
                path=CAR_USERS,
                method="POST",
                values=self.values(vin),
                json={"idP_IT": tokens.identity},
            ),
            Purpose.LOOKUP,
        )


type _Body = Mapping[str, Any]


async def _permitted(call: Awaitable[_Body]) -> _Body:
    """Make a call that the account may have no right to."""
    try:
        return await call
    except NotPermitted, NotSupported:
        return {}


async def _optional(call: Awaitable[_Body]) -> _Body:
    """Make a call whose answer may be missing, or nonsense."""
    try:
        return await _permitted(call)
    except BadAnswer:
        return {}


def _said(data: Mapping[str, Any], *path: str) -> str | None:
    found = dig(data, path)
    return found if isinstance(found, str) else None
