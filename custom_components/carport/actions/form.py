"""The fields of an action's call, read for one car, whose limits judge them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import math
from typing import Any

import probatio

from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import TemperatureConverter

from ..car.limits import Limits, describe, nearest
from .exceptions import wrong_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of one call, read for one car."""

    hass: HomeAssistant
    limits: Limits
    data: Mapping[str, Any]

    def number(self, field: str) -> float | None:
        """Read a number; None where the field was left out."""
        if (value := self.data.get(field)) is None:
            return None
        try:
            number = float(value)
        except OverflowError, TypeError, ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise wrong_value(self.hass, field, describe(self.limits))
        return number

    def count(self, field: str) -> int | None:
        """Read a whole number; None where the field was left out."""
        number = self.number(field)
        if number is not None and not number.is_integer():
            raise wrong_value(self.hass, field, "1, 2, 3 …")
        return None if number is None else int(number)

    def required(self, field: str) -> float:
        """Read a number that has to be there."""
        number = self.number(field)
        if number is None:
            raise wrong_value(self.hass, field, describe(self.limits))
        return number

    def number_or_word(self, field: str) -> float | str:
        """Read a number, or a word in place of one; the car's limits judge both."""
        value = self.data[field]
        try:
            return float(value)
        except OverflowError, TypeError, ValueError:
            return str(value)

    def word[W: StrEnum](self, field: str, words: type[W]) -> W:
        """Read a word out of a closed list."""
        try:
            return words(str(self.data[field]))
        except ValueError:
            raise wrong_value(self.hass, field, ", ".join(words)) from None

    def flag(self, field: str) -> bool:
        """Read a yes or no."""
        try:
            return cv.boolean(self.data[field])
        except probatio.Invalid:
            raise wrong_value(self.hass, field, "true, false") from None

    def text(self, field: str) -> str:
        """Read a text that says something."""
        if not (text := str(self.data[field] or "").strip()):
            raise wrong_value(self.hass, field, "…")
        return text

    def moment(self, field: str) -> datetime | None:
        """Read a time with its date; without a zone it is the house's."""
        if (value := self.data.get(field)) is None:
            return None
        try:
            moment = dt_util.as_utc(cv.datetime(value))
        except OverflowError, probatio.Invalid:
            raise wrong_value(self.hass, field, "YYYY-MM-DD HH:MM") from None
        return moment

    def place(self, field: str) -> tuple[float, float]:
        """Read latitude and longitude from what was picked on a map."""
        try:
            picked = self.data[field]
            place = cv.latitude(picked["latitude"]), cv.longitude(picked["longitude"])
        except KeyError, TypeError, probatio.Invalid:
            raise wrong_value(
                self.hass, field, "latitude -90 … 90, longitude -180 … 180"
            ) from None
        return place

    def temperature(self, field: str) -> float | None:
        """Read a temperature in Home Assistant's unit; return the car's step in °C."""
        if (number := self.number(field)) is None:
            return None
        unit = self.hass.config.units.temperature_unit
        celsius = TemperatureConverter.convert(number, unit, UnitOfTemperature.CELSIUS)
        celsius = nearest(celsius, self.limits)
        if (
            self.limits.low is not None
            and self.limits.high is not None
            and not self.limits.low <= celsius <= self.limits.high
        ):
            low, high = (
                TemperatureConverter.convert(bound, UnitOfTemperature.CELSIUS, unit)
                for bound in (self.limits.low, self.limits.high)
            )
            raise wrong_value(self.hass, field, f"{low:.3g} … {high:.3g} {unit}")
        return celsius
