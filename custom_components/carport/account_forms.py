"""The forms of set-up: fields built from what a service says it needs."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import probatio

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .const import (
    CONF_HIDDEN_CARS,
    CONF_PIN,
    CONF_PIN_MODE,
    CONF_POLL_PROFILE,
    CONF_REGION,
    CONF_SERVER,
    CONF_SERVICE,
    CONF_SHARE_POSITION,
    PIN_ASKED,
    PIN_STORED,
)
from .service.cadence import Profile
from .service.contract import Car, CredentialField, FieldKind, ServiceInfo
from .sign_up import Account

SECTION_SERVER: Final = "own_server"

_TEXT: Final[Mapping[FieldKind, TextSelectorConfig]] = {
    FieldKind.EMAIL: TextSelectorConfig(
        type=TextSelectorType.EMAIL, autocomplete="username"
    ),
    FieldKind.PASSWORD: TextSelectorConfig(
        type=TextSelectorType.PASSWORD, autocomplete="current-password"
    ),
    FieldKind.PIN: TextSelectorConfig(
        type=TextSelectorType.PASSWORD, autocomplete="off"
    ),
    FieldKind.TEXT: TextSelectorConfig(type=TextSelectorType.TEXT),
}
_SECRET: Final = frozenset({FieldKind.PASSWORD, FieldKind.PIN})
_PIN_FIELD: Final = CredentialField(key=CONF_PIN, kind=FieldKind.PIN, required=False)

type Fields = dict[probatio.Marker, Any]


def service_schema(services: Iterable[ServiceInfo]) -> probatio.Schema:
    """Ask which service; its label says what works today."""
    return probatio.Schema(
        {
            probatio.Required(CONF_SERVICE): SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=info.key, label=info.name)
                        for info in services
                    ],
                    translation_key="service",
                    mode=SelectSelectorMode.LIST,
                )
            )
        }
    )


def account_schema(info: ServiceInfo, typed: Mapping[str, Any]) -> probatio.Schema:
    """Ask for everything a new account needs; what is no secret is filled in again."""
    fields: Fields = {}
    regions = list(info.hosts)
    if len(regions) > 1:
        fields[
            probatio.Required(CONF_REGION, description=_suggest(typed, CONF_REGION))
        ] = SelectSelector(
            SelectSelectorConfig(
                options=regions,
                translation_key="region",
                mode=SelectSelectorMode.DROPDOWN,
            )
        )
    for field in _credentials(info):
        fields |= _text(field, typed)
    if info.pin:
        fields |= _text(_PIN_FIELD, typed)
    return probatio.Schema(fields | _server(typed_server(typed)))


def sign_in_schema(info: ServiceInfo) -> probatio.Schema:
    """Ask for the password of a known account; what else it needs may stay as it is."""
    return probatio.Schema(_sign_in_again(info, password=True))


def reconfigure_schema(
    info: ServiceInfo, *, pin: bool, server: str | None
) -> probatio.Schema:
    """Ask for what may change; a secret left empty stays as it is."""
    fields = _sign_in_again(info, password=False)
    if pin:
        fields |= _text(_PIN_FIELD, {})
    return probatio.Schema(fields | _server(server))


def options_schema(
    info: ServiceInfo, cars: Iterable[Car], options: Mapping[str, Any]
) -> probatio.Schema:
    """Ask how the owner likes the account handled."""
    fields: Fields = {
        probatio.Required(
            CONF_POLL_PROFILE, default=options.get(CONF_POLL_PROFILE, Profile.NORMAL)
        ): _choice(Profile, "poll_profile")
    }
    if info.pin:
        fields[
            probatio.Required(
                CONF_PIN_MODE, default=options.get(CONF_PIN_MODE, PIN_STORED)
            )
        ] = _choice((PIN_STORED, PIN_ASKED), "pin_mode")
    listed = {car.vin: car_label(car) for car in cars}
    hidden = [vin for vin in options.get(CONF_HIDDEN_CARS, ()) if vin in listed]
    fields[probatio.Required(CONF_HIDDEN_CARS, default=hidden)] = SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=vin, label=label)
                for vin, label in listed.items()
            ],
            multiple=True,
            mode=SelectSelectorMode.LIST,
        )
    )
    fields[
        probatio.Required(
            CONF_SHARE_POSITION, default=options.get(CONF_SHARE_POSITION, True)
        )
    ] = BooleanSelector()
    return probatio.Schema(fields)


def pin_schema() -> probatio.Schema:
    """Ask for the PIN alone."""
    return probatio.Schema(_text(CredentialField(key=CONF_PIN, kind=FieldKind.PIN), {}))


def typed_account(info: ServiceInfo, typed: Mapping[str, Any]) -> Account:
    """Return which account the owner typed."""
    return Account(
        service=info.key,
        region=typed.get(CONF_REGION) or next(iter(info.hosts)),
        username=typed.get(CONF_USERNAME, "").strip(),
        server=typed_server(typed),
    )


def typed_credentials(
    info: ServiceInfo, typed: Mapping[str, Any], username: str
) -> dict[str, str]:
    """Return what a sign-in needs, without the PIN; missing secrets are left out."""
    texts = {CONF_USERNAME: username, **typed}
    return {
        field.key: texts[field.key]
        if field.kind in _SECRET
        else texts[field.key].strip()
        for field in _credentials(info)
        if texts.get(field.key)
    }


def typed_server(typed: Mapping[str, Any]) -> str | None:
    """Return the address in the server section; None for the maker itself."""
    return typed.get(SECTION_SERVER, {}).get(CONF_SERVER, "").strip() or None


def typed_pin(typed: Mapping[str, Any]) -> str | None:
    """Return the PIN; None where none was typed."""
    return typed.get(CONF_PIN, "").strip() or None


def account_title(info: ServiceInfo, username: str) -> str:
    """Return a label that does not tell who the owner is."""
    if not username:
        return info.name
    name, at, domain = username.partition("@")
    return f"{info.name} ({name[:1]}***{at}{domain})"


def car_label(car: Car) -> str:
    """Return a car's name with the end of its VIN, to tell two of a kind apart."""
    name = car.nickname or " ".join(
        part for part in (car.model_year, car.manufacturer, car.model) if part
    )
    return f"{name} (…{car.vin[-4:]})"


def _credentials(info: ServiceInfo) -> tuple[CredentialField, ...]:
    """Return the fields of a sign-in; the PIN is for commands."""
    return tuple(field for field in info.credentials if field.kind is not FieldKind.PIN)


def _sign_in_again(info: ServiceInfo, *, password: bool) -> Fields:
    """Return the fields by which a known account may sign in anew.

    A service that needs more than a password each time keeps that with its tokens.
    """
    fields: Fields = {}
    for field in _credentials(info):
        if field.key != CONF_USERNAME:
            required = password and field.key == CONF_PASSWORD
            fields |= _text(replace(field, required=required), {})
    return fields


def _text(field: CredentialField, typed: Mapping[str, Any]) -> Fields:
    secret = field.kind in _SECRET
    marker = probatio.Required if field.required else probatio.Optional
    return {
        marker(
            probatio.Secret(field.key) if secret else field.key,
            description=None if secret else _suggest(typed, field.key),
        ): TextSelector(_TEXT[field.kind])
    }


def _server(server: str | None) -> Fields:
    """Return the section for a simulator or private server, open only if it is used."""
    typed = {CONF_SERVER: server} if server else {}
    return {
        probatio.Optional(SECTION_SERVER): section(
            probatio.Schema(
                {
                    probatio.Optional(
                        CONF_SERVER, description=_suggest(typed, CONF_SERVER)
                    ): TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
                }
            ),
            {"collapsed": not server},
        )
    }


def _choice(options: Iterable[str], translation_key: str) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[str(option) for option in options],
            translation_key=translation_key,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _suggest(typed: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    return {"suggested_value": typed[key]} if typed.get(key) else None
