"""The attacks in short, and proof that they would notice (8.5)."""

import asyncio
from collections.abc import Iterator
import gc
import logging
from typing import Any

import pytest

from attacks import broker, hostile, kills, mutation, secrets, stream
from attacks.accounts import attacked
from attacks.complaints import noted
from attacks.findings import Findings
from carport.cloud.contract import ReadResult
from carport.cloud.errors import BadAnswer
from carport.makers.car_data.entries import Entries
from carport.makers.car_data.own_broker import OwnBroker
from carport.makers.car_data.stream import Message
from carport.makers.registry import SERVICES
from carport.makers.skoda.service import Skoda
from carport.makers.ze_services.service import ZeServices
from tests.makers.car_data.home import VIN

ONLY = "ze_services"
QUICK = {
    "an unknown code",
    "noise without end",
    "a message without end",
    "a topic longer than its message",
    "a topic with wildcards",
    "an empty message",
    "gone",
}

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture(autouse=True)
def _heard_again() -> Iterator[None]:
    """Let the log say again after an attack what it says otherwise."""
    loggers = [logging.getLogger(name) for name in ("carport", "homeassistant")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


async def test_8_5_mutated_answers_break_nothing() -> None:
    """Answers of every service are spoilt in turn; none breaks a reading."""
    found = await mutation.run(count=4)
    assert found.broken == []
    talk = {name for name in found.figures if name.endswith("conversations")}
    assert len(talk) == 3
    assert len(found.figures) == 2 * len(list(attacked())) + len(talk)


async def test_8_5_every_cloud_is_attacked() -> None:
    """A service that is not has no cloud, or a stream that is attacked apart."""
    apart = SERVICES.keys() - {one.service for one in attacked()}
    assert apart == {"car_data_broker", "demo"}


async def test_8_5_spoilt_messages_break_no_stream() -> None:
    """By BMW's stream, and from a broker at home."""
    found = await stream.run(count=40)
    assert found.broken == []
    assert set(found.figures) == {"car_data", "car_data_broker"}


async def test_8_5_a_hostile_broker_breaks_nothing() -> None:
    """Its attacks are tried that nobody waits for."""
    found = await broker.run(ways=QUICK)
    assert found.broken == []
    assert set(found.figures) == QUICK


async def test_8_5_a_hostile_server_breaks_nothing() -> None:
    """Its attacks are tried that take no long wait."""
    found = await hostile.run(only=ONLY, impatient=True)
    assert found.broken == []
    assert len(found.figures) > 12


@pytest.mark.parametrize("service", sorted(one.service for one in attacked()))
async def test_8_5_a_refusal_for_ever_has_a_name_at_every_service(service: str) -> None:
    """Nobody is there to answer, as where the engine signs in by itself."""
    found = await hostile.run(only=service, ways={"401 for ever"}, impatient=True)
    assert found.broken == []
    assert list(found.figures) == ["401 for ever"]
    assert "sign-in taken" not in found.figures["401 for ever"]


async def test_8_5_nothing_secret_is_said() -> None:
    """No failure tells a secret, whatever it is that fails."""
    assert (await secrets.run(count=2, only=ONLY)).broken == []


async def test_8_5_kills_tear_nothing() -> None:
    """After two kills all is there, and the password was sent once."""
    found = await kills.run(count=2)
    assert found.broken == []
    assert found.figures["passwords sent"] == "1"


@pytest.mark.parametrize(
    "error", [ValueError("odd"), RecursionError("deep"), KeyError("gone")]
)
async def test_8_5_an_error_without_a_name_is_found(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """By mutations and by the hostile server."""

    async def fails(*_: Any) -> ReadResult:
        raise error

    monkeypatch.setattr(ZeServices, "read", fails)
    found = await mutation.run(count=1, only=ONLY)
    assert any(type(error).__name__ in line for line in found.broken)
    found = await hostile.run(only=ONLY, ways={"no UTF-8"})
    assert any(type(error).__name__ in line for line in found.broken)


async def test_8_5_what_ends_a_stream_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is a good message that is not taken."""

    def fails(*_: Any) -> frozenset[str]:
        raise ValueError("odd")

    def ignores(*_: Any) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(Entries, "take", fails)
    found = await stream.run(count=2)
    assert any("the stream ended by ValueError" in line for line in found.broken)
    monkeypatch.setattr(Entries, "take", ignores)
    found = await stream.run(count=10)
    assert any("a good message is not taken" in line for line in found.broken)


async def test_8_5_a_failure_that_nobody_took_note_of_is_found() -> None:
    """What the event loop would log is a finding."""
    found = Findings(title="T", what="W")

    async def fails() -> None:
        raise ValueError("odd")

    with noted(found):
        task = asyncio.ensure_future(fails())
        await asyncio.wait({task})
        del task
        gc.collect()
    assert any("ValueError" in line for line in found.broken)


async def test_8_5_a_secret_in_an_error_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And not told in what is found."""
    (profile,) = attacked("skoda")
    vin = profile.tester.vins[0]

    async def tells(*_: Any) -> ReadResult:
        raise BadAnswer(f"/cars/{vin}")

    monkeypatch.setattr(Skoda, "read", tells)
    found = await secrets.run(count=1, only="skoda")
    assert found.broken
    assert vin not in str(found.broken)


async def test_8_5_a_secret_that_a_stream_logs_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Messages name cars."""
    logger = logging.getLogger("carport.makers.car_data")

    def tells(_: OwnBroker, messages: list[Message], *_rest: Any) -> None:
        for vin, _values in messages:
            logger.debug("Heard of %s", vin)

    monkeypatch.setattr(OwnBroker, "_take", tells)
    found = await secrets.run(count=1, only="car_data_broker")
    assert found.broken
    assert VIN not in str(found.broken)


def test_8_5_what_is_broken_stands_in_the_table() -> None:
    """Every finding has its line in the table."""
    found = Findings(title="T", what="W", figures={"a": "1"}, broken=["x", "y"])
    table = found.table().markdown()
    assert table.count("**broken**") == 2
