"""The example for evcc: its topics say what evcc reads, and take what it says."""

from collections.abc import Iterator
from datetime import datetime
import json
import re
from typing import Any, Final

from carport.mqtt.settings import CarSettings, Settings
from homeassistant.util.yaml import parse_yaml
from tests.cli.terminal import ROOT, Terminal

from .broker import Mosquitto
from .running import GTE, Running, running

EXAMPLE: Final = ROOT / "packaging" / "evcc.yaml"
_NUMBERS: Final = {"soc", "range", "odometer", "limitSoc"}
_FLAGS: Final = {"plugged", "charging", "climater"}
_TRUE: Final = {"1", "true", "on"}
_FALSE: Final = {"0", "false", "off"}
_SAID: Final = {"${chargeEnable}": "true", "${maxCurrent}": "10", "${wakeup}": "true"}
_COMMANDS: Final = {
    "chargeEnable": "start_charging",
    "maxCurrent": "set_charge_current",
    "wakeup": "wake",
}
_RFC3339: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"


def _example() -> dict[str, Any]:
    example = parse_yaml(EXAMPLE.read_text(encoding="utf-8"))
    assert isinstance(example, dict)
    (car,) = example["vehicles"]
    return dict(car)


def _topics(car: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, row in car.items():
        if isinstance(row, dict) and row["source"] == "mqtt":
            yield name, row
        elif isinstance(row, dict):
            yield from _topics(row)


def _receipts(run: Running) -> list[dict[str, Any]]:
    return [json.loads(one) for one in run.listener.texts("carport/golf/receipt")]


async def test_evcc_can_read_and_command(
    european: Terminal, mosquitto: Mosquitto
) -> None:
    """Numbers, yes and no, a moment; and each command reaches the car."""
    chosen = Settings(
        cars={
            GTE: CarSettings(topic="golf", commands=frozenset({"charge", "wake"})),
        }
    )
    read, told = set(), set()
    async with running(european, mosquitto, chosen) as run:
        await run.listener.text("carport/golf/state")
        known = run.session.engine.cars[GTE].snapshot.readings
        for name, row in _topics(_example()):
            if "payload" in row:
                await run.listener.say(row["topic"], _SAID[row["payload"]])
                told.add(_COMMANDS[name])
                continue
            if row["topic"].rpartition("/")[2] not in known:
                continue
            text = await run.listener.text(row["topic"])
            read.add(name)
            if name in _NUMBERS:
                assert re.fullmatch(r"-?\d+(\.\d+)?", text), name
            elif name in _FLAGS:
                assert text in _TRUE | _FALSE, name
            elif text != "null":
                assert re.fullmatch(_RFC3339, text), name
                assert datetime.fromisoformat(text).tzinfo is not None
        # The car may refuse what it cannot do; the bridge has understood.
        await run.listener.until(
            lambda: told == {one["command"] for one in _receipts(run)}
        )
    assert read >= {"soc", "range", "odometer", "plugged", "charging", "climater"}
    assert told == set(_COMMANDS.values())
    reasons = {one["reason"] for one in _receipts(run)}
    assert not reasons & {"wrong_payload", "unknown_command", "not_allowed"}
