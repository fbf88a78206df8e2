"""From the file, the surroundings and the accounts to what the bridge runs by."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
import logging
import os
from pathlib import Path
import ssl
from typing import Final

from carport.mqtt.connection import Broker
from carport.mqtt.permissions import FUEL_HEATER
from carport.mqtt.settings import CarSettings, Layout, Settings, plain_name, settings_of

from .bridge_file import VERSIONS, BridgeFile, BrokerEntry, read_bridge_file
from .choosing import choose_car, known_cars
from .exits import Exit, Failure
from .home import AccountRecord, Home

_LOGGER: Final = logging.getLogger("carport.bridge")
_PREFIX: Final = "CARPORT_MQTT_"
_TEXTS: Final = {
    "HOST": "host",
    "USERNAME": "username",
    "PASSWORD_FILE": "password_file",
    "CLIENT_ID": "client_id",
    "VERSION": "version",
    "CA_FILE": "ca_file",
    "CERT_FILE": "cert_file",
    "KEY_FILE": "key_file",
}
_PORT: Final = 1883
_TLS_PORT: Final = 8883
_HIGHEST_PORT: Final = 65535
_YES: Final = frozenset({"1", "true", "yes", "on"})
_FILE: Final = "bridge.toml"


def default_path(home: Home) -> Path:
    """Return where the configuration is, unless somebody names another place."""
    named = os.environ.get("CARPORT_BRIDGE_FILE")
    return Path(named) if named else home.path / _FILE


def example() -> str:
    """Return a commented configuration."""
    return files(__package__).joinpath("bridge_example.toml").read_text("utf-8")


def read_configuration(path: Path, *, must_be: bool) -> BridgeFile:
    """Return what the file says, and what environment variables say instead."""
    given = read_bridge_file(path) if must_be or path.is_file() else BridgeFile()
    return _with_environment(given, os.environ)


def _with_environment(given: BridgeFile, around: Mapping[str, str]) -> BridgeFile:
    found = {
        field: value
        for name, field in _TEXTS.items()
        if (value := around.get(_PREFIX + name))
    }
    broker: BrokerEntry = replace(given.broker, **found)  # type: ignore[arg-type] # texts all
    if broker.version not in VERSIONS:
        raise _wrong("VERSION", ", ".join(VERSIONS))
    if port := around.get(f"{_PREFIX}PORT"):
        if not port.isdecimal() or not 0 < int(port) <= _HIGHEST_PORT:
            raise _wrong("PORT", f"1 to {_HIGHEST_PORT}")
        broker = replace(broker, port=int(port))
    if tls := around.get(f"{_PREFIX}TLS"):
        broker = replace(broker, tls=tls.casefold() in _YES)
    given = replace(given, broker=broker)
    if words := around.get(f"{_PREFIX}LAYOUT"):
        layouts = [word.strip() for word in words.split(",")]
        if not set(layouts) <= set(Layout):
            raise _wrong("LAYOUT", ", ".join(Layout))
        given = replace(given, layouts=frozenset(map(Layout, layouts)))
    return given


def _wrong(name: str, allowed: str) -> Failure:
    return Failure(
        Exit.USAGE, "bridge_environment", f"{_PREFIX}{name} is one of: {allowed}."
    )


def chosen_accounts(home: Home, given: BridgeFile) -> list[AccountRecord]:
    """Return the accounts that the bridge is about; say which it has to do without."""
    records = (
        [home.account(name) for name in given.accounts]
        if given.accounts
        else home.accounts()
    )
    damaged = [] if given.accounts else home.damaged()
    for one in damaged if records else damaged[1:]:
        _LOGGER.warning(one.problem)
    if damaged and not records:
        raise Failure(Exit.REFUSED, "account_damaged", damaged[0].problem)
    if not records:
        raise Failure(
            Exit.USAGE, "no_accounts", "There is no account yet. Add one: carport add"
        )
    return records


def settings(home: Home, given: BridgeFile, path: Path) -> Settings:
    """Return what the room goes by; raise `Failure` where a car is not known."""
    cars: dict[str, CarSettings] = {}
    all_cars = known_cars(home) if given.cars else []
    for entry in given.cars:
        try:
            known = choose_car(home, entry.car, all_cars)
        except Failure as failure:
            raise Failure(
                failure.code, failure.key, f"{path.name}, line {entry.line}: {failure}"
            ) from None
        described = known.description
        name = plain_name(
            described.nickname or described.model or described.manufacturer
        )
        if known.vin in cars:
            raise Failure(
                Exit.USAGE,
                "car_twice",
                f"{path.name}, line {entry.line}: this car has an entry already.",
            )
        topic = entry.topic or name
        if topic in {one.topic for one in cars.values()}:
            raise Failure(
                Exit.USAGE,
                "topic_twice",
                f"{path.name}, line {entry.line}: another car has the topic {topic}; "
                "give this one another by topic.",
            )
        cars[known.vin] = CarSettings(
            topic=topic, commands=entry.commands, publish=entry.publish
        )
    return Settings(
        layouts=given.layouts,
        own_base=given.own_base,
        discovery_prefix=given.discovery_prefix,
        classic_base=given.classic_base,
        cars=cars,
    )


def with_all_topics(home: Home, chosen: Settings) -> Settings:
    """Give every car of the home a topic that no other of them has.

    Several bridges each have some of the cars, and give them the same topics all the same.
    """
    cars = settings_of(chosen, (car.description for car in known_cars(home)))
    return replace(chosen, cars={**chosen.cars, **cars})


def fuel_heaters(chosen: Settings) -> frozenset[str]:
    """Return the cars whose owner has named what may burn fuel."""
    return frozenset(
        vin for vin, one in chosen.cars.items() if FUEL_HEATER in one.commands
    )


def broker(entry: BrokerEntry) -> Broker:
    """Return the broker with its secrets and certificates."""
    password = os.environ.get(f"{_PREFIX}PASSWORD")
    if not password and entry.password_file:
        password = _read(entry.password_file, "password_file").rstrip("\r\n")
    tls = _tls(entry) if entry.tls or entry.ca_file or entry.cert_file else None
    return Broker(
        host=entry.host,
        port=entry.port or (_PORT if tls is None else _TLS_PORT),
        username=entry.username,
        password=password or None,
        client_id=entry.client_id,
        version=entry.version,
        keepalive=entry.keepalive,
        tls=tls,
    )


def _read(name: str, key: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise Failure(
            Exit.USAGE, "bridge_secret", f"{key} cannot be read: {why}."
        ) from None


def _tls(entry: BrokerEntry) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=entry.ca_file)
        if entry.cert_file:
            context.load_cert_chain(entry.cert_file, entry.key_file)
    except (OSError, ssl.SSLError) as error:
        raise Failure(
            Exit.USAGE,
            "bridge_certificates",
            "The certificates of [broker] cannot be used: "
            f"{getattr(error, 'strerror', None) or type(error).__name__}.",
        ) from None
    return context
