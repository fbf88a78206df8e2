"""What `--json` prints, by schema: nothing more, nothing less, for every command."""

from datetime import datetime
import json
from pathlib import Path
import shlex
from typing import Any

from probatio import All, Any as AnyOf, Optional, Range, Schema
import pytest
from typer.testing import CliRunner

from carport.car.commands import CommandKind
from carport.car.receipts import Outcome
from carport.car.refusals import Reason
from carport.car.signals import SIGNALS
from carport.cloud.ledger import Purpose
from cli.app import app


def moment(value: object) -> object:
    """Take a time with its zone in ISO form."""
    assert isinstance(value, str)
    assert datetime.fromisoformat(value).tzinfo is not None
    return value


def one_of(words: Any) -> Any:
    """Take one of the words."""
    return AnyOf(*map(str, words))


TIME = AnyOf(None, moment)
TEXT = AnyOf(None, str)
CODE = All(int, Range(0, 5))
CAR = {
    "vin": str,
    "name": str,
    "manufacturer": str,
    "model": TEXT,
    "model_year": TEXT,
    "accounts": [str],
    "captured_at": TIME,
}
READING = {
    "signal": one_of(SIGNALS),
    "value": object,
    "unit": TEXT,
    "captured_at": TIME,
    "not_before": TIME,
    "received_at": moment,
    "channel": str,
}
RECEIPT = {
    "id": str,
    "command": one_of(CommandKind),
    "parameters": dict,
    "outcome": one_of(Outcome),
    "reason": AnyOf(None, one_of(Reason)),
    "detail": dict,
    "requested_at": moment,
    "accepted_at": TIME,
    "finished_at": TIME,
    "before": dict,
    "after": dict,
    "captured_at": TIME,
}
WINDOW = AnyOf(None, {"start": str, "end": str})
SLOT = {
    "number": int,
    "enabled": bool,
    "departure": TEXT,
    "days": [str],
    "once_on": TEXT,
    "charge": bool,
    "climate": bool,
    "charge_window": WINDOW,
}
SCHEMAS = {
    "accounts": [
        {
            "account": str,
            "service": str,
            "title": str,
            "region": str,
            "server": TEXT,
            "cars": int,
            "problem": None,
        }
    ],
    "cars": [CAR],
    "show aurora": {**CAR, "readings": [READING]},
    "read aurora": {"vin": str, "captured_at": TIME, "stale": bool},
    "lock aurora --no-wait": RECEIPT,
    "charge limit aurora 5000": RECEIPT,
    "timers aurora": {"active": bool, "preferred_window": WINDOW, "slots": [SLOT]},
    "timers aurora --all-on --no-wait": RECEIPT,
    "trips aurora": {"trips": [dict], Optional("derived"): bool},
    "charges aurora": {"charge_sessions": [dict], Optional("derived"): bool},
    "health aurora": {str: object},
    "list aurora": [str],
    "list aurora destinations": {str: object},
    "notifications aurora": {str: object},
    "profile aurora": {"vin": str, "profile": str},
    "permit aurora fuel-heater --yes": {"vin": str, "fuel_heater": bool},
    "budget": [
        {
            "account": str,
            "calls": {Optional(one_of(Purpose)): int},
            "left": AnyOf(None, int),
            "throttled_until": TIME,
        }
    ],
    "doctor": [{"what": str, "works": bool, "why": str, "code": CODE}],
    "login demo": {"account": str},
    "remove demo --yes": {"removed": str, "left": [str]},
}
FAILURE = {"error": str, "message": str}


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Return what types a line in a home with the Demo garage."""
    # East of Greenwich the first day of all calendars begins before it.
    env = {"CARPORT_HOME": str(tmp_path / "state"), "TZ": "Pacific/Kiritimati"}

    def typed(words: str) -> Any:
        done = CliRunner().invoke(app, shlex.split(words), env=env)
        (line,) = done.stdout.splitlines()
        return done.exit_code, json.loads(line)

    code, added = typed("add demo --json")
    assert code == 0
    Schema({"account": str, "cars": int}, required=True)(added)
    return typed


def test_every_result_fits_its_schema(run: Any) -> None:
    """One line each, with exactly these keys."""
    for words, schema in SCHEMAS.items():
        code, told = run(f"{words} --json")
        assert code in {0, 1}, words
        Schema(schema, required=True)(told)


@pytest.mark.parametrize(
    ("words", "code", "key"),
    [
        ("show nobody", 2, "unknown_car"),
        ("login nobody", 2, "unknown_account_name"),
        ("list aurora dreams", 1, "not_capable"),
        ("remove demo", 2, "not_given"),
        ("permit aurora fuel-heater", 2, "not_given"),
        ("database", 2, "no_database"),
        ("show", 2, "usage"),
        ("dance", 2, "usage"),
        ("charge limit aurora full", 2, "usage"),
        ("timers aurora 1", 2, "usage"),
        ('climate at aurora "0001-01-01 00:00"', 2, "usage"),
    ],
)
def test_every_failure_has_a_key_and_a_message(
    run: Any, words: str, code: int, key: str
) -> None:
    """Programs go by the key and by the exit code, people by the message."""
    ended, told = run(f"{words} --json")
    Schema(FAILURE, required=True)(told)
    assert (ended, told["error"]) == (code, key)
