"""The attacks in short, and proof that they would notice (8.5)."""

from collections.abc import Iterator
import logging
from typing import Any

import pytest

from attacks import hostile, kills, mutation, secrets
from attacks.accounts import attacked
from attacks.findings import Findings
from carport.cloud.contract import ReadResult
from carport.cloud.errors import BadAnswer
from carport.makers.skoda.service import Skoda
from carport.makers.ze_services.service import ZeServices

ONLY = "ze_services"

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
    assert len(found.figures) > 6


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


def test_8_5_what_is_broken_stands_in_the_table() -> None:
    """Every finding has its line in the table."""
    found = Findings(title="T", what="W", figures={"a": "1"}, broken=["x", "y"])
    table = found.table().markdown()
    assert table.count("**broken**") == 2
