"""The words of a terminal: one source, and no page of Home Assistant in them."""

from collections.abc import Iterator
from importlib.resources import files
import json
import re
from typing import Any

import pytest

from carport.car.refusals import Reason
from carport.cloud.guard import Refusals
from carport.cloud.sign_in import SignInOutcome
from cli.words import say, say_outcome

WORDS: dict[str, Any] = json.loads(
    files("carport.translations").joinpath("en.json").read_text(encoding="utf-8")
)
ELSEWHERE = re.compile(
    r"Home Assistant|Reconfigure|[Ss]ubmit|this form|code pad|Server section|the action"
    r"|options of|'s options|Repairs|clear the field"
)


def places() -> Iterator[tuple[str, ...]]:
    """Return the texts that a terminal may say."""
    # Sent by nothing that a terminal does.
    foreign = {"not_a_car", "server_unconfirmed", "server_changed"}
    yield from (
        ("exceptions", key) for key in WORDS["exceptions"] if key not in foreign
    )
    yield from (("config", "error", key) for key in WORDS["config"]["error"])
    for step in WORDS["config"]["step"]:
        if step.startswith("confirm_"):
            yield ("config", "step", step, "description")


@pytest.mark.parametrize("place", places(), ids=lambda place: place[-1])
def test_it_sends_nobody_to_a_page_of_home_assistant(place: tuple[str, ...]) -> None:
    """A terminal names its own way on."""
    assert not ELSEWHERE.search(say(*place))


def test_every_reason_and_every_end_has_words() -> None:
    """Nothing is said by its key."""
    for reason in Reason:
        assert " " in say("exceptions", f"command_{reason}")
    for outcome in SignInOutcome:
        if outcome is not None:
            text = say("config", "error", str(outcome))
            assert text != str(outcome).replace("_", " ")


def test_what_nobody_counted_is_not_told() -> None:
    """Where only a run without a sign-in looks at it, no number is missing in a text."""
    for outcome in SignInOutcome:
        assert "…" not in say_outcome(str(outcome))
    known = Refusals(today=2, most=6)
    told = say_outcome(str(SignInOutcome.WRONG_PASSWORD), refusals=known)
    assert told.endswith(
        "type the right one. Refused today: 2; after 6, Carport sends no other one "
        "until tomorrow."
    )
    assert say_outcome(str(SignInOutcome.WRONG_PASSWORD)).endswith("the right one.")
