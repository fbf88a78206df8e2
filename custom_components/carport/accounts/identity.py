"""What names an account: read from the form or the entry, compared, shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..cloud.credentials import FieldKind
from ..cloud.identity import (
    FIRST_EDITION,
    account_name,
    account_title,
    normalised,
    private_values,
)
from ..cloud.service_info import ServiceInfo
from ..const import CONF_REGION, CONF_SERVER, CONF_SERVICE

__all__ = [
    "Account",
    "account_name",
    "account_of_entry",
    "account_title",
    "identity_of",
    "normalised",
    "private_names",
    "settings_of",
    "typed_vins",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Which account, where: what an entry keeps of it, but for the PIN.

    `identity` holds the values of the service's identifying fields, by their keys;
    `settings` those of its other choices and boxes, which a form begins with again.
    """

    service: str
    region: str
    identity: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)
    server: str | None

    @property
    def data(self) -> dict[str, Any]:
        """What an entry keeps of it; the first edition wants a name in every one."""
        return {
            CONF_SERVICE: self.service,
            CONF_REGION: self.region,
            **self.settings,
            **(self.identity or {FIRST_EDITION: ""}),
            CONF_SERVER: self.server,
        }


def account_of_entry(
    info: ServiceInfo, data: Mapping[str, Any], server: str | None
) -> Account:
    """Return the account of an entry, at this server."""
    return Account(
        service=data[CONF_SERVICE],
        region=data[CONF_REGION],
        identity=identity_of(info, data),
        settings=settings_of(info, data),
        server=server,
    )


def identity_of(info: ServiceInfo, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what names the account in an entry's data, whichever edition made it."""
    keys = [field.key for field in info.identifying]
    found = {key: data[key] for key in keys if data.get(key)}
    if not found and (name := data.get(FIRST_EDITION)):
        return {next(iter(keys), FIRST_EDITION): name}
    return found


def settings_of(info: ServiceInfo, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the choices and boxes that an entry's data has."""
    return {one.key: data[one.key] for one in info.settings if one.key in data}


def private_names(info: ServiceInfo, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return those values of an identity that say who the owner is."""
    return private_values(info, identity_of(info, data))


def typed_vins(info: ServiceInfo, identity: Mapping[str, str]) -> frozenset[str]:
    """Return the cars that an account without a name of its own is known by."""
    return frozenset(
        vin
        for field in info.identifying
        if field.kind is FieldKind.VINS
        for vin in field.normalised(identity.get(field.key, "")).split()
    )
