"""The report of an account: what helps to find a fault, and nothing about the owner."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..car.receipts import Receipt
from ..car.signals import Position
from ..car.snapshot import Reading
from ..cloud.answer import RawAnswer
from ..cloud.redaction import REDACTED, Redactor
from .account import Account
from .cars import GarageCar
from .channel import Channel
from .garage import PLACES
from .login import SIGN_IN_TRACE
from .storage import kept_pin


def report(
    account: Account,
    secrets: Iterable[object],
    face: Mapping[str, Any],
    vin: str | None = None,
) -> dict[str, Any]:
    """Tell all about an account and its cars, or about one of them.

    `secrets` are those that only the face knows, such as the owner's names and PIN;
    `face` is what it has to say itself, without anything private.
    """
    redactor = account_redactor(account, secrets)
    cars = account_cars(account)
    told: dict[str, Any] = {**face, **_account(account, redactor)}
    if vin is None:
        told["cars"] = {key: _car(account, car, redactor) for key, car in cars.items()}
    else:
        told["car"] = _car(account, cars[vin], redactor)
    replaced: dict[str, Any] = redactor.replace(told)
    return replaced


def account_cars(account: Account) -> dict[str, GarageCar]:
    """Return the cars of an account, by VIN, in a steady order."""
    return {
        vin: car
        for vin, car in sorted(account.garage.cars.items())
        if account.name in car.channels
    }


def account_redactor(account: Account, secrets: Iterable[object]) -> Redactor:
    """Return what takes everything private of an account out of a text."""
    listed = sorted(account.vehicle_list.cars)
    vins = dict.fromkeys((*account_cars(account), *listed))
    return Redactor(vins, (*secrets, *_secrets(account)))


def _account(account: Account, redactor: Redactor) -> dict[str, Any]:
    info, ledger = account.service.info, account.ledger
    pin = kept_pin(account.store.data)
    return {
        "service": info.key,
        "openness": info.openness,
        "region": account.service.context.region,
        # How, but not where: a private server's name tells whose it is.
        "server_hosts": {} if pin is None else pin.outline(),
        "now": account.clock.now(),
        "trouble": account.trouble,
        "pin_refused": account.service.pin_refused,
        "listed_cars": len(account.vehicle_list.cars),
        "listed_at": account.vehicle_list.listed_at,
        "calls": {
            "today": ledger.counts_today(),
            "left": ledger.left(),
            "left_for_commands": ledger.left(command=True),
            "run_out_at": ledger.runs_out_at(),
            "throttled_until": ledger.throttled_until,
            "commands_paused_until": ledger.commands_paused_until,
        },
        "stream": {
            "alive_since": account.stream.alive_since,
            "last_message_at": account.stream.last_message_at,
            "failures": account.stream.failures,
        }
        if info.streams
        else None,
        "facts": dict(account.service.account_facts()),
        "advice": sorted(advice.key for advice in account.service.advice()),
        "connection_report": {
            # What the last sign-in was like, which holds no values.
            "sign_in": account.store.data.get(SIGN_IN_TRACE),
            "run": list(account.transport.trace.calls),
        },
        "answers": [
            _answer(what, answer, redactor)
            for what, answer in account.transport.raw.items()
        ],
    }


def _car(account: Account, car: GarageCar, redactor: Redactor) -> dict[str, Any]:
    described = car.description
    return {
        "maker": described.manufacturer,
        "model": described.model,
        "model_year": described.model_year,
        "drive": described.drive,
        "software": described.software,
        "profile": car.profile or account.options.profile,
        "next_read": account.next_read(car.vin),
        "captured_at": car.captured_at,
        "stale": car.stale,
        "running": None if car.running is None else car.running.command.kind,
        "channels": [_channel(account, channel) for channel in car.channels.values()],
        "readings": {
            key: _reading(car, reading)
            for key, reading in sorted(car.snapshot.readings.items())
        },
        "placeholders": dict(sorted(car.placeholders.items())),
        "commands": {
            str(kind): repr(limits) for kind, limits in sorted(car.commands.items())
        },
        "receipts": [_receipt(receipt, redactor) for receipt in car.receipts],
    }


def _channel(account: Account, channel: Channel) -> dict[str, Any]:
    return {
        "this": channel.account == account.name,
        "service": channel.service.info.key,
        "state": channel.state,
        "until": channel.until,
        "attempted_at": channel.attempted_at,
        "gaps": sorted(channel.last_result.gaps) if channel.last_result else [],
        "switched_off": sorted(channel.switched_off),
        "failures": account.planner.failures(channel.car.vin)
        if channel.account == account.name
        else None,
    }


def _reading(car: GarageCar, reading: Reading) -> dict[str, Any]:
    """Tell a value and its times; a rough one has two more."""
    channel = car.channels.get(reading.channel)
    private = reading.signal.key in PLACES
    value = None if reading.value is None else reading.signal.encode(reading.value)
    return {
        "value": REDACTED if private else value,
        "captured_at": reading.captured_at,
        **_rough(reading),
        "received_at": reading.received_at,
        "attempted_at": None if channel is None else channel.attempted_at,
    }


def _rough(reading: Reading) -> dict[str, Any]:
    """Tell how early a value may have been captured, where that is not certain."""
    if reading.not_before is None:
        return {}
    return {"not_before": reading.not_before, "changed_at": reading.changed_at}


def _receipt(receipt: Receipt, redactor: Redactor) -> dict[str, Any]:
    told = receipt.as_dict()
    # What was asked for may name a place.
    return told | {"parameters": redactor.clean(told["parameters"])}


def _answer(what: str, answer: RawAnswer, redactor: Redactor) -> dict[str, Any]:
    return {
        "what": what,
        "status": answer.status,
        "received_at": answer.received_at,
        "body": redactor.clean(answer.body),
    }


def _secrets(account: Account) -> Iterator[object]:
    """Yield every value that says who the owner is, where, or how to get in."""
    yield from _texts(account.store.data.get("tokens"))
    for described in account.vehicle_list.cars.values():
        yield described.nickname
        yield from described.handle.values()
    for car in account.garage.cars.values():
        yield car.description.nickname
        yield car.vin
        for reading in car.snapshot.readings.values():
            if isinstance(reading.value, Position):
                yield reading.value.latitude
                yield reading.value.longitude
            elif reading.signal.key in PLACES:
                yield reading.value


def _texts(tokens: Mapping[str, str | float | None] | None) -> Iterator[str]:
    """Yield the tokens themselves; their ages are no secrets."""
    for value in (tokens or {}).values():
        if isinstance(value, str):
            yield value
