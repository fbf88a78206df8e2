"""The documents' lists are whole: triggers, conditions, keys, fields and options."""

from collections.abc import Iterator
import json
import re
from typing import Any, Final

import pytest

from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import async_get_all_descriptions as all_conditions
from homeassistant.helpers.trigger import async_get_all_descriptions as all_triggers
from homeassistant.setup import async_setup_component

from ..documents import DOCS, ROOT, blocks, column, table, yamls
from .demo_garage import DemoHome
from .test_texts import ROWS, TEXTS

BLUEPRINTS: Final = DOCS / "blueprints.md"
SET_UP: Final = DOCS / "set_up.md"
ENGLISH: Final = TEXTS["en"]
PRINTED_ACTIONS: Final = {
    place: written for place, written in yamls() if "action" in written
}
_NATIVE: Final = ("battery", "climate", "door", "lock", "window", "zone")
_PLATFORM_KEYS: Final = {row.key for rows in ROWS.values() for row in rows}


def _named(cells: list[str]) -> set[str]:
    return {name for cell in cells for name in re.findall(r"`([a-z_.]+)`", cell)}


@pytest.mark.parametrize("place", PRINTED_ACTIONS)
async def test_every_printed_action_can_be_called(
    hass: HomeAssistant, home: DemoHome, place: str
) -> None:
    """As it is printed, for a car of the demo; its answer is by the car's device."""
    await home.start()
    (written,) = cv.SCRIPT_SCHEMA([PRINTED_ACTIONS[place]])
    domain, _, name = written["action"].partition(".")
    answer = await hass.services.async_call(
        domain,
        name,
        dict(written.get("data") or {}),
        target=written["target"],
        blocking=True,
        return_response="response_variable" in written,
    )
    assert answer is None or set(answer) == {home.device_id()}


async def test_triggers_and_conditions(hass: HomeAssistant, home: DemoHome) -> None:
    """Carport's are all there; those of Home Assistant exist."""
    await home.start()
    for domain in _NATIVE:
        await async_setup_component(hass, domain, {})
    # Their triggers and conditions are taken in after they are set up.
    await hass.async_block_till_done()
    triggers = {key for key, said in (await all_triggers(hass)).items() if said}
    conditions = {key for key, said in (await all_conditions(hass)).items() if said}
    own = _named(column(BLUEPRINTS, "Trigger"))
    assert own == {one for one in triggers if one.startswith(f"{DOMAIN}.")}
    text = BLUEPRINTS.read_text(encoding="utf-8")
    section = text.partition("## Carport's conditions")[2].partition("\n## ")[0]
    said = {one for one in _named([section]) if one.startswith(f"{DOMAIN}.")}
    assert said == {one for one in conditions if one.startswith(f"{DOMAIN}.")}
    native = table(BLUEPRINTS, "You want to know")[1:]
    assert _named([row[1] for row in native]) <= triggers
    assert _named([row[2] for row in native]) <= conditions


def test_every_key_of_the_overview_is_an_entity() -> None:
    """Or begins the keys of several, where it ends with dots."""
    text = (DOCS / "entities.md").read_text(encoding="utf-8")
    overview = text.partition("## Every entity")[0]
    rows = [line for line in overview.splitlines() if line.startswith("| ")]
    named = {name for row in rows for name in re.findall(r"`([a-z0-9_…]+)`", row)}
    attributes = {"not_before", "advice", "channels"}
    wrong = set()
    for name in named - attributes:
        start, dots, end = name.partition("…")
        fits = [
            key
            for key in _PLATFORM_KEYS
            if (key == name or (dots and key.startswith(start) and key.endswith(end)))
        ]
        if not fits:
            wrong.add(name)
    assert wrong == set()
    assert {"battery_level", "door_…", "unsecured"} <= named


def _labels(step: Any) -> Iterator[str]:
    yield from step.get("data", {}).values()
    for section in step.get("sections", {}).values():
        yield from section["data"].values()


def _bold(heading: str) -> set[str]:
    return {
        label.partition("Server → ")[2] or label
        for cell in column(SET_UP, heading)
        for label in re.findall(r"\*\*([^*]+)\*\*", cell)
    }


def test_every_field_of_a_sign_in_is_explained() -> None:
    """By the label that stands in the form."""
    wanted = {
        label.replace(" (optional)", "").replace(" (Gigya)", "")
        for label in _labels(ENGLISH["config"]["step"]["account"])
    }
    wanted = {label.replace(" (Kamereon)", "") for label in wanted}
    # It is asked for where a server was named that is not yet agreed to.
    assert _bold("Field") == wanted - {"Send it there"}


def test_every_option_is_explained() -> None:
    """By its label; those of publishing by the name of their section."""
    step = ENGLISH["options"]["step"]["init"]
    wanted = {*step["data"].values(), step["sections"]["mqtt"]["name"]}
    assert _bold("Option") == wanted


def test_the_cards_options_are_those_it_has() -> None:
    """What is printed as an example names nothing else."""
    options = _named(column(DOCS / "card.md", "Option"))
    source = (ROOT / "frontend/src/card/config.ts").read_text(encoding="utf-8")
    declared = source.partition("export interface CardConfig {")[2].partition("}")[0]
    known = set(re.findall(r"^  (\w+)\??:", declared, re.MULTILINE))
    assert options == known - {"type"}
    (example,) = (
        written
        for _, written in yamls()
        if written.get("type") == "custom:carport-car-card"
    )
    assert example.keys() <= known
    assert set(example["lines"]) <= set(_words(source, "LINES"))
    said = {row[0]: row[1] for row in table(DOCS / "card.md", "Option")[1:]}
    for name in ("lines", "buttons", "layout"):
        printed = set(re.findall(r"`(\w+)`", said[f"`{name}`"]))
        assert printed - {"auto"} == set(_words(source, name.upper())) - {"auto"}


def _words(source: str, name: str) -> list[str]:
    name = {"LAYOUT": "LAYOUTS"}.get(name, name)
    listed = re.search(rf"export const {name} = (\[[^\]]+\])", source)
    assert listed
    words: list[str] = json.loads(listed[1])
    return words


def test_no_block_of_yaml_is_left_out() -> None:
    """Each is an automation, an action, a card or a dashboard, which tests look at."""
    kinds = [
        next(key for key in ("triggers", "action", "type", "strategy") if key in said)
        for _, said in yamls()
    ]
    pages = (ROOT / "README.md", *DOCS.rglob("*.md"))
    assert len(kinds) == sum(len(blocks(page, "yaml")) for page in pages)
