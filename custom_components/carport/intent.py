"""Intents for what Home Assistant's own sentences do not say of cars.

The sentences are in the owner's hands: Home Assistant reads them from its own folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, override

import probatio

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv, intent
from homeassistant.helpers.translation import async_get_translations

from .actions.answers import QUESTIONS, answer_to
from .actions.exposed_cars import ExposedCar, cars_called, exposed_cars
from .actions.orders import ORDERS, async_give
from .const import DOMAIN

ASK: Final = "CarportAsk"
TELL: Final = "CarportTell"

_ASSIST: Final = "conversation"
"""Home Assistant's own assistant, as exposing entities calls it."""
_FALLBACK: Final = "en"


async def async_setup_intents(hass: HomeAssistant) -> None:
    """Register both intents."""
    intent.async_register(hass, AskHandler())
    intent.async_register(hass, TellHandler())


_SLASHED: Final = frozenset({"es", "fr", "it", "pt"})


def spoken_day(day: date, language: str) -> str:
    """Write a day as people do; the names of months are only known in English."""
    match language.partition("-")[0]:
        case "en":
            return f"{day.day} {day:%B} {day.year}"
        case "sv":
            return day.isoformat()
        case "nl":
            return f"{day.day}-{day.month}-{day.year}"
        case name if name in _SLASHED:
            return f"{day:%d/%m}/{day.year}"
    return f"{day.day}.{day.month}.{day.year}"


class CarHandler(intent.IntentHandler):
    """What both intents share: which car is meant, and speaking."""

    @override
    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Find the car that was named, and speak of it or to it."""
        slots = {
            name: slot["value"]
            for name, slot in self.async_validate_slots(intent_obj.slots).items()
            if "value" in slot
        }
        texts = await _texts(intent_obj.hass, intent_obj.language)
        response = intent_obj.create_response()
        cars = exposed_cars(intent_obj.hass, intent_obj.assistant or _ASSIST)
        meant = cars_called(slots.get("car"), cars)
        if len(meant) != 1:
            key = "which_car" if meant else "no_such_car"
            names = ", ".join(sorted(car.name for car in meant or cars))
            response.async_set_error(
                intent.IntentResponseErrorCode.NO_VALID_TARGETS,
                texts.spoken(key, names=names),
            )
            return response
        [car] = meant
        await self.async_speak(intent_obj, slots, car, texts, response)
        return response

    async def async_speak(
        self,
        intent_obj: intent.Intent,
        slots: Mapping[str, Any],
        car: ExposedCar,
        texts: Texts,
        response: intent.IntentResponse,
    ) -> None:
        """Fill the response."""
        raise NotImplementedError


class AskHandler(CarHandler):
    """Answers a question about a car."""

    intent_type = ASK
    description = "Answers a question about a car"

    @property
    @override
    def slot_schema(self) -> dict[Any, Any]:
        """Which question, and of which car."""
        return {
            probatio.Required("what"): probatio.In(tuple(QUESTIONS)),
            probatio.Optional("car"): cv.string,
        }

    @override
    async def async_speak(
        self,
        intent_obj: intent.Intent,
        slots: Mapping[str, Any],
        car: ExposedCar,
        texts: Texts,
        response: intent.IntentResponse,
    ) -> None:
        """Say what the car said last, and how old that is if it is old."""
        key, values = answer_to(QUESTIONS[slots["what"]], car)
        speech = texts.spoken(key, car=car.name, **values)
        if car.car.stale and key != "not_exposed":
            speech = f"{speech} {texts.spoken('may_be_old')}"
        response.response_type = intent.IntentResponseType.QUERY_ANSWER
        response.async_set_speech(speech)


class TellHandler(CarHandler):
    """Tells a car to do something, by its own controls and with the caller's rights."""

    intent_type = TELL
    description = "Tells a car to do something"

    @property
    @override
    def slot_schema(self) -> dict[Any, Any]:
        """Which order, to which car, and how far."""
        return {
            probatio.Required("order"): probatio.In(tuple(ORDERS)),
            probatio.Optional("car"): cv.string,
            probatio.Optional("percent"): probatio.Coerce(float),
        }

    @override
    async def async_speak(
        self,
        intent_obj: intent.Intent,
        slots: Mapping[str, Any],
        car: ExposedCar,
        texts: Texts,
        response: intent.IntentResponse,
    ) -> None:
        """Send it, wait a moment, and say how far it came."""
        order, percent = ORDERS[slots["order"]], slots.get("percent")
        if (key := order.obstacle(car)) is not None:
            response.async_set_error(
                intent.IntentResponseErrorCode.NO_VALID_TARGETS,
                texts.spoken(key, car=car.name),
            )
            return
        said = {"car": car.name, "value": f"{percent or 0:.0f}"}
        try:
            done = await async_give(order, car, intent_obj.context, percent)
        except HomeAssistantError as error:
            response.async_set_error(
                intent.IntentResponseErrorCode.FAILED_TO_HANDLE, texts.refusal(error)
            )
            return
        key = slots["order"] if done else "was_told"
        response.async_set_speech(texts.spoken(f"done_{key}" if done else key, **said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What is said, in the language in which was spoken."""

    language: str
    words: Mapping[str, str]
    messages: Mapping[str, str]

    def spoken(self, key: str, **values: str | date) -> str:
        """Return a text of ours, filled."""
        text = self.words[f"component.{DOMAIN}.selector.spoken.options.{key}"]
        return text.format(**{name: self._said(one) for name, one in values.items()})

    def _said(self, value: str | date) -> str:
        """Say a day as people do."""
        if isinstance(value, str):
            return value
        return spoken_day(value, self.language)

    def refusal(self, error: HomeAssistantError) -> str:
        """Return what an error says to people."""
        key = (
            f"component.{error.translation_domain}.exceptions."
            f"{error.translation_key}.message"
        )
        text = self.messages.get(key)
        if text is None:
            return str(error) or self.spoken("failed")
        return text.format(**(error.translation_placeholders or {}))


async def _texts(hass: HomeAssistant, language: str) -> Texts:
    """Load the texts of a language; of its family where it has none of its own."""
    family = language.partition("-")[0] or _FALLBACK
    return Texts(
        language=family,
        words=await async_get_translations(hass, family, "selector", {DOMAIN}),
        messages=await async_get_translations(hass, family, "exceptions"),
    )
