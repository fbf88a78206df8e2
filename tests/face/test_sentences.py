"""What can be said to Assist about cars, and what it answers: a real agent, both languages."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from custom_components.carport import intent as intents
from custom_components.carport.actions import orders
from custom_components.carport.actions.answers import QUESTIONS
from custom_components.carport.actions.exposed_cars import cars_called, exposed_cars
from custom_components.carport.car.commands import Lock
from custom_components.carport.car.receipts import Outcome
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.intent import IntentResponse, IntentResponseErrorCode
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict

from .demo_garage import ELECTRIC, HYBRID, DemoHome
from .listening import live
from .sentences import NATIVE, ORDERS, OWN
from .test_rights import user_with
from .test_texts import TEXTS

LANGUAGES: Final = ("de", "en")
"""Those that have sentences; what is spoken in others is English."""
SENTENCES: Final = Path(__file__).parents[2] / "docs" / "custom_sentences"
COURIER: Final = "WVWZZZDEMLW000003"
PARKED: Final[dict[str, Any]] = {
    "plugged_in": False,
    "battery_level": 64.0,
    "charge_limit": 80.0,
    "locked": True,
    "odometer": 20000.0,
    "climate_active": False,
}


class Assist:
    """A home in which somebody speaks to the default agent."""

    def __init__(self, home: DemoHome, language: str) -> None:
        """Know the home and its language."""
        self.home, self.hass, self.language = home, home.hass, language

    async def start(self, folder: Path | None, *, expose: bool = True) -> None:
        """Set the agent up, with the owner's copy of the sentences if there is one."""
        hass = self.hass
        hass.config.language = self.language
        hass.config.latitude, hass.config.longitude = 52.4227, 10.7865
        if folder is not None:
            _copy(self.language, folder)
            hass.config.config_dir = str(folder)
        for domain in ("homeassistant", "zone", "conversation"):
            assert await async_setup_component(hass, domain, {})
        await self.home.start()
        await live(self.home, **PARKED)
        for state in hass.states.async_all():
            async_expose_entity(hass, "conversation", state.entity_id, expose)
        await hass.async_block_till_done()

    async def say(
        self, sentence: str, context: Context | None = None, *, obey: bool = True
    ) -> IntentResponse:
        """Say something, and let the garage's clock run until it is answered."""
        task = asyncio.ensure_future(
            conversation.async_converse(
                self.hass, sentence, None, context or Context(), self.language
            )
        )
        while not task.done():
            await self.home.advance(0.25)
            # Sentences are read by a thread, whose time is not the garage's.
            await asyncio.sleep(0.001)
        while obey and self.home.car().running is not None:
            await self.home.advance(1)
        return task.result().response


def _copy(language: str, folder: Path) -> None:
    """Copy the sentences as their owner does, and add the cars where it says so."""
    written = (SENTENCES / language / "carport.yaml").read_text()
    cars = ("Aurora", "Night shift", "Courier", "Old lady", "Mustang")
    target = folder / "custom_sentences" / language
    target.mkdir(parents=True)
    lines = "".join(f'      - "{car}"\n' for car in cars)
    (target / "carport.yaml").write_text(written + lines)


def speech(response: IntentResponse) -> str:
    """Return what was spoken."""
    spoken: str = response.speech["plain"]["speech"]
    return spoken


@pytest.fixture(params=LANGUAGES)
def assist(request: pytest.FixtureRequest, home: DemoHome) -> Assist:
    """Give an assistant in each language."""
    return Assist(home, request.param)


def known(home: DemoHome) -> dict[str, str]:
    """Return what the entities say now, as it is spoken."""

    def whole(key: str, vin: str = ELECTRIC) -> str:
        return f"{float(home.state('sensor', key, vin).state):.0f}"

    service = next(
        home.state("sensor", key).state[:10]
        for key in ("service_due_on", "service_due_at")
        if home.knows("sensor", key)
    )
    return {"range": whole("range_total")} | {
        "inside": whole("inside_temperature"),
        "outside": whole("outside_temperature"),
        "old_range": whole("range_total", "WVWZZZDEMDW000004")
        if home.knows("sensor", "range_total", "WVWZZZDEMDW000004")
        else whole("range_electric", "WVWZZZDEMDW000004"),
        "fuel": whole("fuel_level", HYBRID),
        "service": service,
        "names": "Aurora, Courier, Night shift, Old lady",
    }


async def test_questions_are_answered(assist: Assist, tmp_path: Path) -> None:
    """Every sentence of the table, in words that an owner would use."""
    await assist.start(tmp_path)
    facts = known(assist.home)
    captured = assist.home.car().captured_at
    assert captured is not None
    for name, day in (
        ("service", date.fromisoformat(facts["service"])),
        ("day", dt_util.as_local(captured).date()),
    ):
        facts[f"{name}_en"] = f"{day.day} {day:%B} {day.year}"
        facts[f"{name}_de"] = f"{day.day}.{day.month}.{day.year}"
    health = assist.home.state("sensor", "health").state
    spoken = TEXTS[assist.language]["selector"]["spoken"]["options"]
    facts[f"health_{assist.language}"] = spoken[f"health_{health}"].format(car="Aurora")
    facts["at"] = f"{dt_util.as_local(captured):%H:%M}"
    for sentence, expected in OWN[assist.language]:
        answer = speech(await assist.say(sentence))
        assert answer == expected.format(**facts), sentence


async def test_orders_are_obeyed_and_told(assist: Assist, tmp_path: Path) -> None:
    """The car has done it before it is said."""
    await assist.start(tmp_path)
    await live(assist.home, plugged_in=True, charge_wish=False)
    assist.home.coordinator.garage.cars[ELECTRIC].receipts.clear()
    for sentence, expected, kind in ORDERS[assist.language]:
        answer = await assist.say(sentence)
        assert speech(answer) in {expected, _told(assist)}, sentence
        receipt = assist.home.car().receipts[-1]
        assert (receipt.command, receipt.outcome) == (kind, Outcome.CONFIRMED), sentence


def _told(assist: Assist) -> str:
    words = TEXTS[assist.language]["selector"]["spoken"]["options"]
    told: str = words["was_told"].format(car="Aurora")
    return told


async def test_a_slow_car_is_told_and_obeys_later(
    assist: Assist, tmp_path: Path
) -> None:
    """Nobody waits for a minute in front of a loudspeaker."""
    await assist.start(tmp_path)
    # Sentences are read from disk once, which the garage's clock does not know of.
    await assist.say(OWN[assist.language][0][0])
    assist.home.service.twin(ELECTRIC).faults.deaf = True
    sentence = ORDERS[assist.language][0][0]
    before = assist.home.clock.now()
    answer = await assist.say(sentence, obey=False)
    assert (assist.home.clock.now() - before).total_seconds() < 20
    assert speech(answer) == _told(assist)
    assert assist.home.car().running is not None
    while assist.home.car().running is not None:
        await assist.home.advance(1)
    assert assist.home.car().receipts[-1].outcome is Outcome.TIMED_OUT


async def test_a_refusal_is_spoken(assist: Assist, tmp_path: Path) -> None:
    """In the words that everybody gets, and in the language that was spoken."""
    await assist.start(tmp_path)
    home = assist.home
    texts = TEXTS[assist.language]["exceptions"]
    answer = await assist.say(
        {"en": "charge Aurora", "de": "lade Aurora"}[assist.language]
    )
    assert answer.error_code is IntentResponseErrorCode.FAILED_TO_HANDLE
    assert speech(answer) == texts["command_not_plugged"]["message"]
    running = asyncio.ensure_future(home.coordinator.dispatcher.send(ELECTRIC, Lock()))
    await home.settle()
    flash = {"en": "find Aurora", "de": "suche Aurora"}[assist.language]
    answer = await assist.say(flash, obey=False)
    assert answer.error_code is IntentResponseErrorCode.FAILED_TO_HANDLE
    assert speech(answer).startswith(texts["command_busy"]["message"].split("{")[0])
    await home.finish(running)


async def test_nothing_is_said_or_done_that_is_not_exposed(
    assist: Assist, tmp_path: Path
) -> None:
    """What the owner keeps from the assistant, it does not get by our sentences."""
    await assist.start(tmp_path, expose=False)
    words = TEXTS[assist.language]["selector"]["spoken"]["options"]
    question = OWN[assist.language][0][0]
    nobody = words["no_such_car"].format(names="")
    assert speech(await assist.say(question)) == nobody
    home = assist.home
    exposed = home.entity_id("sensor", "odometer")
    async_expose_entity(assist.hass, "conversation", exposed, True)
    hidden = words["not_exposed"].format(car="Aurora")
    assert speech(await assist.say(question)) == hidden
    for sentence, _, _ in ORDERS[assist.language]:
        assert speech(await assist.say(sentence)) == hidden, sentence
    assert not home.car().receipts


async def test_with_one_car_it_is_the_car(assist: Assist, tmp_path: Path) -> None:
    """Whose others are not exposed has one, for the assistant."""
    await assist.start(tmp_path, expose=False)
    plug = assist.home.entity_id("binary_sensor", "plugged_in")
    async_expose_entity(assist.hass, "conversation", plug, True)
    sentence = {"en": "is my car plugged in", "de": "ist mein Auto angesteckt"}
    words = TEXTS[assist.language]["selector"]["spoken"]["options"]
    answer = speech(await assist.say(sentence[assist.language]))
    assert answer == words["is_unplugged"].format(car="Aurora")


async def test_the_only_car_need_not_be_named(assist: Assist, tmp_path: Path) -> None:
    """Where nothing but a car can be meant; with several it is asked which."""
    await assist.start(tmp_path)
    words = TEXTS[assist.language]["selector"]["spoken"]["options"]
    full, far, charge = {
        "en": ("when is it full", "how far can it go", "charge to 90 percent"),
        "de": ("wann ist es voll", "wie weit kommt er noch", "lade bis 90 Prozent"),
    }[assist.language]
    names = "Aurora, Courier, Night shift, Old lady"
    for sentence in (full, far, charge):
        told = speech(await assist.say(sentence))
        assert told == words["which_car"].format(names=names), sentence
    assert not assist.home.car().receipts
    device_id = assist.home.device_id()
    for entry in er.async_get(assist.hass).entities.values():
        if entry.device_id != device_id:
            async_expose_entity(assist.hass, "conversation", entry.entity_id, False)
    named = [told for _, told in OWN[assist.language]]
    assert speech(await assist.say(full)) in named
    answer = next(told for told in named if "{range}" in told)
    assert speech(await assist.say(far)) == answer.format_map(known(assist.home))
    await assist.say(charge)
    receipt = assist.home.car().receipts[-1]
    assert receipt.parameters == {"percent": 90}
    assert receipt.outcome is Outcome.CONFIRMED


async def test_an_order_needs_the_speakers_right(
    assist: Assist, tmp_path: Path
) -> None:
    """Who may not use the control is refused, whatever the loudspeaker may."""
    await assist.start(tmp_path)
    nobody = user_with(assist.hass, {})
    answer = await assist.say(ORDERS[assist.language][0][0], nobody)
    assert answer.error_code is IntentResponseErrorCode.FAILED_TO_HANDLE
    assert not assist.home.car().receipts


async def test_stale_data_is_said_to_be(assist: Assist, tmp_path: Path) -> None:
    """An old answer is better than none, if it says so."""
    await assist.start(tmp_path)
    assist.home.car().stale = True
    question, expected = OWN[assist.language][0]
    words = TEXTS[assist.language]["selector"]["spoken"]["options"]
    assert speech(await assist.say(question)) == f"{expected} {words['may_be_old']}"


async def test_home_assistants_own_sentences_work(assist: Assist) -> None:
    """Without any file: the lock has the car's name, and no two things share one."""
    await assist.start(None)
    for sentence, expected in NATIVE[assist.language]:
        assert speech(await assist.say(sentence)) == expected, sentence
        if sentence.startswith(("unlock", "schließe Aurora auf")):
            await live(assist.home, locked=True)


async def test_a_question_or_order_is_in_the_sentences_of_both_languages(
    hass: HomeAssistant,
) -> None:
    """And every text that may be spoken is there."""
    for language in LANGUAGES:
        written = load_yaml_dict(str(SENTENCES / language / "carport.yaml"))
        assert written["language"] == language
        kinds: Any = written["intents"]
        asked = {one["slots"]["what"] for one in kinds[intents.ASK]["data"]}
        told = {one["slots"]["order"] for one in kinds[intents.TELL]["data"]}
        assert asked == QUESTIONS.keys()
        assert told == orders.ORDERS.keys()
        spoken = TEXTS[language]["selector"]["spoken"]["options"]
        assert {f"done_{order}" for order in orders.ORDERS} <= spoken.keys()
    assert not any(order.service == "unlock" for order in orders.ORDERS.values())
    # Enough to say, as the documents claim.
    for language in LANGUAGES:
        assert len(OWN[language]) + len(ORDERS[language]) >= 25


async def test_a_car_is_known_by_all_its_names(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """The owner's, the maker's, part of one; two that fit are two."""
    assert await async_setup_component(hass, "homeassistant", {})
    await home.start()
    async_expose_entity(
        hass, "conversation", home.entity_id("sensor", "odometer"), True
    )
    async_expose_entity(
        hass, "conversation", home.entity_id("sensor", "odometer", HYBRID), True
    )
    dr.async_get(hass).async_update_device(home.device_id(), name_by_user="Blue one")
    cars = exposed_cars(hass, "conversation")
    by_name = {
        said: {car.car.vin for car in cars_called(said, cars)}
        for said in (
            "Blue one",
            "the blue",
            "Aurora",
            "aurora ev",
            "Borealis",
            "mein Auto",
            None,
            "car of nobody",
        )
    }
    one, both = {ELECTRIC}, {car.car.vin for car in cars}
    assert len(both) >= 2
    assert by_name == {
        "Blue one": one,
        "the blue": one,
        "Aurora": one,
        "aurora ev": one,
        "Borealis": {HYBRID},
        "mein Auto": both,
        None: both,
        "car of nobody": set(),
    }


async def test_only_the_lock_has_the_cars_own_name(home: DemoHome) -> None:
    """Two things of one name are refused by voice."""
    await home.start()
    names = [
        entry.name or entry.original_name
        for entry in er.async_entries_for_device(
            er.async_get(home.hass), home.device_id()
        )
    ]
    assert names.count(None) == 1


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-GB", "9 March 2027"),
        ("de", "9.3.2027"),
        ("fr", "09/03/2027"),
        ("nl", "9-3-2027"),
        ("sv", "2027-03-09"),
    ],
)
def test_a_day_is_said_as_the_language_does(language: str, expected: str) -> None:
    """No month has an English name in another language."""
    assert intents.spoken_day(date(2027, 3, 9), language) == expected
