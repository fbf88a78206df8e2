"""The forms of set-up: fields built from what a service says it needs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import probatio

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    CountrySelector,
    CountrySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..cloud.cadence import Profile
from ..cloud.contract import Car
from ..cloud.credentials import CredentialField, FieldKind
from ..cloud.service_info import ServiceInfo
from ..const import (
    CONF_FUEL_HEATERS,
    CONF_HIDDEN_CARS,
    CONF_HINTED_CARS,
    CONF_HINTS,
    CONF_LANGUAGE_MODELS,
    CONF_PIN,
    CONF_PIN_MODE,
    CONF_POLL_PROFILE,
    CONF_REGION,
    CONF_SERVER,
    CONF_SERVICE,
    CONF_SHARE_POSITION,
    PIN_ASKED,
    PIN_STORED,
    Scope,
)
from .names import car_label
from .typed import CONF_AGREED, SECTION_SERVER, first_secret, flattened

CONF_CODE: Final = "code"
CONF_RESEND: Final = "resend"
_COUNTRY: Final = "country"
"""The key of a choice for which Home Assistant knows the owner's country."""

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
    FieldKind.API_KEY: TextSelectorConfig(
        type=TextSelectorType.PASSWORD, autocomplete="off"
    ),
    FieldKind.TEXT: TextSelectorConfig(type=TextSelectorType.TEXT),
    FieldKind.VINS: TextSelectorConfig(multiline=True, autocomplete="off"),
}
_PIN_FIELD: Final = CredentialField(key=CONF_PIN, kind=FieldKind.PIN, required=False)

_FIXED: Final = frozenset({FieldKind.EMAIL, FieldKind.CHOICE})

type Fields = dict[probatio.Marker, Any]


def service_schema(services: Iterable[str]) -> probatio.Schema:
    """Ask which service; its translated label says what works today."""
    return probatio.Schema(
        {
            probatio.Required(CONF_SERVICE): SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=key, label=key) for key in services
                    ],
                    translation_key="service",
                    mode=SelectSelectorMode.LIST,
                )
            )
        }
    )


def account_schema(
    info: ServiceInfo,
    typed: Mapping[str, Any],
    *,
    asks: bool,
    country: str | None = None,
) -> probatio.Schema:
    """Ask for everything a new account needs; what is no secret is filled in again.

    With `asks` there is a box to agree to the addresses that the form shows.
    """
    typed = flattened(typed)
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
    beside: Fields = {}
    for field in info.sign_in_fields:
        if field.key == _COUNTRY and country in field.choices:
            field = replace(field, suggested=country)
        target = beside if field.advanced else fields
        target |= _field(field, typed)
    if info.pin:
        fields |= _field(_PIN_FIELD, typed)
    return probatio.Schema(
        fields | _server(typed.get(CONF_SERVER), asks=asks, beside=beside)
    )


def sign_in_schema(info: ServiceInfo, settings: Mapping[str, str]) -> probatio.Schema:
    """Ask for the secret of a known account; what else it needs may stay as it is."""
    fields, beside = _sign_in_again(info, settings, secret=True)
    return probatio.Schema(fields | beside)


def reconfigure_schema(
    info: ServiceInfo,
    settings: Mapping[str, str],
    *,
    pin: bool,
    server: str | None,
    asks: bool,
) -> probatio.Schema:
    """Ask for what may change; a secret left empty stays as it is."""
    fields, beside = _sign_in_again(info, settings, secret=False)
    if pin:
        fields |= _field(_PIN_FIELD, {})
    return probatio.Schema(fields | _server(server, asks=asks, beside=beside))


def more_schema(fields: Iterable[CredentialField]) -> probatio.Schema:
    """Ask for what a sign-in wants to know besides."""
    asked: Fields = {}
    for field in fields:
        asked |= _field(field, {})
    return probatio.Schema(asked)


def code_schema() -> probatio.Schema:
    """Ask for a code that was sent, or whether to send another one."""
    return probatio.Schema(
        {
            probatio.Optional(CONF_CODE): TextSelector(
                TextSelectorConfig(autocomplete="one-time-code")
            ),
            probatio.Optional(CONF_RESEND, default=False): BooleanSelector(),
        }
    )


def options_schema(
    info: ServiceInfo,
    cars: Iterable[Car],
    options: Mapping[str, Any],
    heated: Collection[str] = (),
) -> probatio.Schema:
    """Ask how the owner likes the account handled.

    `heated` are the cars with a heater that burns fuel. Which cars are to be looked at
    when other entities tell of them is asked here, and by which ones on further pages.
    """
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
    fields[probatio.Required(CONF_HIDDEN_CARS, default=hidden)] = _cars(listed)
    fields[
        probatio.Required(
            CONF_SHARE_POSITION, default=options.get(CONF_SHARE_POSITION, True)
        )
    ] = BooleanSelector()
    confirmed = [vin for vin in options.get(CONF_FUEL_HEATERS, ()) if vin in listed]
    if burning := {
        vin: label for vin, label in listed.items() if vin in heated or vin in confirmed
    }:
        fields[probatio.Required(CONF_FUEL_HEATERS, default=confirmed)] = _cars(burning)
    hinted = [vin for vin in options.get(CONF_HINTS, ()) if vin in listed]
    fields[probatio.Required(CONF_HINTED_CARS, default=hinted)] = _cars(listed)
    allowed = options.get(CONF_LANGUAGE_MODELS, [])
    fields[probatio.Required(CONF_LANGUAGE_MODELS, default=allowed)] = SelectSelector(
        SelectSelectorConfig(
            options=[str(scope) for scope in Scope],
            translation_key=CONF_LANGUAGE_MODELS,
            multiple=True,
            mode=SelectSelectorMode.LIST,
        )
    )
    return probatio.Schema(fields)


def pin_schema() -> probatio.Schema:
    """Ask for the PIN alone."""
    return probatio.Schema(
        _field(CredentialField(key=CONF_PIN, kind=FieldKind.PIN), {})
    )


def _sign_in_again(
    info: ServiceInfo, settings: Mapping[str, str], *, secret: bool
) -> tuple[Fields, Fields]:
    """Return the fields by which a known account may sign in anew; few owners need the second.

    A service that needs more than its first secret each time keeps that with its tokens.
    An address or a choice that names the account cannot change: it is the account.
    """
    fields: Fields = {}
    beside: Fields = {}
    first = first_secret(info)
    for field in info.sign_in_fields:
        if not (field.identifies and field.kind in _FIXED):
            target = beside if field.advanced else fields
            required = secret and field is first and field.required
            target |= _field(replace(field, required=required), settings)
    return fields, beside


def _field(field: CredentialField, typed: Mapping[str, Any]) -> Fields:
    """Return one field of a form; what is no secret is filled in again."""
    marker = probatio.Required if field.required else probatio.Optional
    match field.kind:
        case FieldKind.FLAG:
            ticked = typed.get(field.key, field.suggested) in {True, "true"}
            return {probatio.Required(field.key, default=ticked): BooleanSelector()}
        case FieldKind.CHOICE:
            suggested = {field.key: field.suggested} if field.required else {}
            described = _suggest({**suggested, **typed}, field.key)
            chooser = (
                CountrySelector(CountrySelectorConfig(countries=list(field.choices)))
                if field.key == _COUNTRY
                else _choice(field.choices, field.key)
            )
            return {marker(field.key, description=described): chooser}
    return {
        marker(
            probatio.Secret(field.key) if field.secret else field.key,
            description=None if field.secret else _suggest(typed, field.key),
        ): TextSelector(_TEXT[field.kind])
    }


def _server(server: str | None, *, asks: bool, beside: Fields) -> Fields:
    """Return the section for a simulator or private server, open only if it is used."""
    typed = {CONF_SERVER: server} if server else {}
    fields: Fields = {
        probatio.Optional(
            CONF_SERVER, description=_suggest(typed, CONF_SERVER)
        ): TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
    }
    if asks:
        fields[probatio.Optional(CONF_AGREED, default=False)] = BooleanSelector()
    return {
        probatio.Optional(SECTION_SERVER): section(
            probatio.Schema(fields | beside), {"collapsed": not server}
        )
    }


def _cars(labels: Mapping[str, str]) -> SelectSelector:
    """Let some of these cars be chosen."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=vin, label=label)
                for vin, label in labels.items()
            ],
            multiple=True,
            mode=SelectSelectorMode.LIST,
        )
    )


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
