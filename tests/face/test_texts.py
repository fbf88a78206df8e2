"""Every name, state, message and icon is there, in both languages and alike."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any, Final

import pytest

from custom_components.carport import (
    binary_sensor,
    button,
    calendar,
    channel_sensor,
    climate,
    device_tracker,
    energy_entity,
    event,
    image,
    lock,
    number,
    select,
    sensor,
    sensor_descriptions,
    services,
    switch,
    time,
)
from custom_components.carport.actions import (
    history,
    import_charges,
    notification_settings,
    schedule_fields,
)
from custom_components.carport.actions.occurrences import OccurrenceKind
from custom_components.carport.actions.targets import TARGET
from custom_components.carport.car.charge import EnergySource
from custom_components.carport.car.commands import CommandKind, HornMode
from custom_components.carport.car.logbook import Logbook
from custom_components.carport.car.receipts import Outcome
from custom_components.carport.car.refusals import Reason
from custom_components.carport.car.schedule import Weekday
from custom_components.carport.car.signals import SIGNALS
from custom_components.carport.cloud import errors
from custom_components.carport.engine import WhenBusy
from custom_components.carport.makers.registry import SERVICES
from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor.const import DEVICE_CLASS_UNITS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import service as service_helper
from homeassistant.helpers.entity import EntityDescription
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict

ROOT: Final = Path(services.__file__).parent
LANGUAGES: Final = tuple(
    sorted(path.stem for path in (ROOT / "translations").glob("*.json"))
)
TEXTS: Final[dict[str, Any]] = {
    language: json.loads((ROOT / "translations" / f"{language}.json").read_text())
    for language in LANGUAGES
}
ICONS: Final[dict[str, Any]] = json.loads((ROOT / "icons.json").read_text())
ACTIONS: Final[dict[str, Any]] = load_yaml_dict(str(ROOT / "services.yaml"))

ROWS: Final[dict[str, tuple[EntityDescription, ...]]] = {
    "binary_sensor": (
        *binary_sensor.BINARY_SENSORS,
        binary_sensor.DATA_STALE,
        binary_sensor.THROTTLED,
    ),
    "button": (*button.BUTTONS, button.REFRESH),
    "calendar": (calendar.TIMERS,),
    "climate": (climate.CLIMATE,),
    "device_tracker": (device_tracker.WHERE,),
    "event": (event.LAST_COMMAND,),
    "image": (image.PICTURE,),
    "lock": (lock.DOORS,),
    "number": (*number.NUMBERS, *number.DURATIONS),
    "select": (*select.SELECTS, select.POLL_PROFILE),
    "sensor": (
        *sensor_descriptions.SENSORS,
        *sensor.ACCOUNT_SENSORS,
        sensor.CAPTURED_AT,
        sensor.DATA_AGE,
        sensor.CHANNEL,
        energy_entity.CHARGE_COST,
    ),
    "switch": (*switch.SWITCHES, switch.ALL_TIMERS, switch.timer_switch(1)),
    "time": (time.timer_time(1),),
}
SHOWN_BY_ANOTHER: Final = {
    "charge_limit": "number",
    "charge_limit_min": "number",
    "max_charge_current": "number",
    "max_charge_current_word": "select",
    "charge_mode": "select",
    "auto_unlock_plug": "switch",
    "window_heating": "switch",
    "defrost": "switch",
    "climate_on_battery": "switch",
    "auxiliary_heating": "switch",
    "ventilation": "switch",
    "target_temperature": "climate",
    "location": "device_tracker",
    "parked_location": "device_tracker",
    "health_messages": "sensor",
    "schedule": "calendar",
}
OWN_ACTIONS: Final = {
    "refresh": {"rationed", "code"},
    "get_health_report": {"fresh", "code"},
}


def text_key(row: EntityDescription) -> str:
    """Return the key of a row's texts, which rows that differ by a number share."""
    return row.translation_key or row.key


def taken_fields() -> dict[str, set[str]]:
    """Return the fields that each action takes besides its target."""
    schemas = {action.name: action.schema for action in services.ACTIONS}
    schemas |= {action.name: action.schema for action in history.HISTORY_ACTIONS}
    schemas[history.ANY_HISTORY] = history.ANY_HISTORY_SCHEMA
    schemas[import_charges.NAME] = import_charges.SCHEMA
    schemas[notification_settings.NAME] = notification_settings.SCHEMA
    return OWN_ACTIONS | {
        name: {str(key) for key in schema.schema} - {str(key) for key in TARGET}
        for name, schema in schemas.items()
    }


def fields_of(action: str) -> set[str]:
    """Return the fields that services.yaml describes."""
    return set(ACTIONS[action].get("fields", {}))


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Walk through all texts."""
    if isinstance(tree, dict):
        for key, below in tree.items():
            yield from leaves(below, (*path, key))
    else:
        yield ".".join(path), tree


def placeholders(text: str) -> set[str]:
    """Return the names of a text's placeholders."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("platform", ROWS)
def test_every_entity_has_a_name_and_every_option_a_text(
    platform: str, language: str
) -> None:
    """And no text stands there for an entity that does not exist."""
    texts = TEXTS[language]["entity"][platform]
    assert texts.keys() == {text_key(row) for row in ROWS[platform]}
    for row in ROWS[platform]:
        text = texts[text_key(row)]
        assert placeholders(text["name"]) == set(row.translation_placeholders or ())
        assert text["name"]
        for option in getattr(row, "options", None) or ():
            assert text["state"][option]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_of_the_event_is_translated(language: str) -> None:
    """Outcomes, reasons and commands are closed lists, so each has its word."""
    attributes = TEXTS[language]["entity"]["event"]["last_command"]["state_attributes"]
    assert attributes["outcome"]["state"].keys() == set(Outcome)
    assert attributes["event_type"]["state"].keys() == set(Outcome)
    assert attributes["reason"]["state"].keys() == set(Reason)
    assert attributes["command"]["state"].keys() == set(CommandKind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_charge_current_and_the_channel(language: str) -> None:
    """Words that no row lists have texts all the same."""
    entity = TEXTS[language]["entity"]
    words = entity["select"]["max_charge_current_word"]["state"]
    assert {"5", "10", "13", "max", "maximum", "reduced"} <= words.keys()
    attributes = entity["sensor"]["channel"]["state_attributes"]
    assert attributes["next_step"]["state"].keys() == set(
        channel_sensor.NEXT_STEP.values()
    )
    sources = entity["sensor"]["energy_charged"]["state_attributes"]["source"]
    assert sources["state"].keys() == set(EnergySource)
    figures = TEXTS[language]["selector"]["statistic"]["options"]
    assert figures.keys() == Logbook().series().keys()
    advice = {key for service in SERVICES.values() for key in service.info.advice}
    assert attributes["advice"]["state"].keys() == advice


def test_every_signal_has_its_place() -> None:
    """A signal is a sensor, belongs to another entity, or is left out knowingly."""
    shown = {row.signal.key for row in sensor_descriptions.SENSORS}
    shown |= {row.signal.key for row in binary_sensor.BINARY_SENSORS}
    assert not shown & SHOWN_BY_ANOTHER.keys()
    assert shown | SHOWN_BY_ANOTHER.keys() == SIGNALS.keys()


def test_no_two_rows_of_a_platform_share_a_key() -> None:
    """Two would have one unique id."""
    for rows in ROWS.values():
        keys = [row.key for row in rows]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_message(language: str) -> None:
    """A refused or failed command, and a failed reading, say why and the way out."""
    messages = TEXTS[language]["exceptions"]
    for reason in Reason:
        assert messages[f"command_{reason}"]["message"]
    kinds: list[type[errors.CloudError]] = [errors.CloudError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        assert messages[f"read_{kind.reason}"]["message"]


def test_every_message_of_the_code_has_a_text() -> None:
    """Keys that stand in the code as literals are in the exceptions."""
    raised = set()
    for path in ROOT.glob("*.py"):
        raised |= set(
            re.findall(
                r"translation_domain=DOMAIN,\s+translation_key=\"(\w+)\"",
                path.read_text(),
            )
        )
    assert raised
    known = TEXTS["en"]["exceptions"].keys() | TEXTS["en"].get("issues", {}).keys()
    assert raised <= known


@pytest.mark.parametrize("section", sorted(TEXTS["en"]))
@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_keys_and_placeholders(
    section: str, language: str
) -> None:
    """No language lacks anything, and none adds anything."""
    english = dict(leaves(TEXTS["en"][section]))
    other = dict(leaves(TEXTS[language][section]))
    assert other.keys() == english.keys()
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_well_formed(language: str) -> None:
    """No stray blanks, addresses or markup; sentences end, names do not."""
    for key, text in leaves(TEXTS[language]):
        assert text == text.strip(), key
        assert "://" not in text, key
        assert "<" not in text, key
        if key.endswith(".message"):
            assert text.endswith("."), key
        if key.startswith("entity.") and key.endswith(".name"):
            assert not text.endswith("."), key
        for part in key.split("."):
            assert re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", part), key


def test_icons_belong_to_entities_and_differ_by_state() -> None:
    """Only icons of the set; none for what does not exist."""
    for platform, icons in ICONS["entity"].items():
        assert icons.keys() <= {text_key(row) for row in ROWS[platform]}
        for key, icon in icons.items():
            assert icon.get("state") is None or icon["default"] not in (
                icon["state"].values()
            ), key
    for key, icon in leaves(ICONS):
        assert re.fullmatch(r"mdi:[a-z0-9-]+", icon), key


def test_entities_without_a_class_have_an_icon() -> None:
    """Home Assistant draws an eye for those, which says nothing."""
    for platform, rows in ROWS.items():
        for row in rows:
            # A bare class of these draws too general a sign for a car.
            if row.device_class in (None, "enum", "timestamp"):
                assert text_key(row) in ICONS["entity"].get(platform, {}), row.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_actions_fields_and_texts_agree(language: str) -> None:
    """Each action has a structure, texts and an icon, field by field."""
    texts = TEXTS[language]["services"]
    assert ACTIONS.keys() == taken_fields().keys()
    assert texts.keys() == ACTIONS.keys() == ICONS["services"].keys()
    for name, action in ACTIONS.items():
        assert texts[name].get("fields", {}).keys() == fields_of(name), name
        assert action["target"] == {"entity": [{"integration": "carport"}]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_8_2_the_pin_field_of_every_action_warns(language: str) -> None:
    """What is written into an automation is kept as it is, and in its traces."""
    told = {
        TEXTS[language]["services"][name]["fields"]["code"]["description"]
        for name in ACTIONS
        if "code" in fields_of(name)
    }
    words = {"en": ("plain text", "traces"), "de": ("Klartext", "Traces")}
    (text,) = told
    assert all(word in text for word in words.get(language, ()))


def test_actions_take_the_fields_they_describe() -> None:
    """The schema and the structure name the same fields."""
    for name, taken in taken_fields().items():
        assert taken == fields_of(name), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_messages_are_translated(language: str) -> None:
    """A refused value names its field, a busy car its command."""
    selector = TEXTS[language]["selector"]
    assert selector["command"]["options"].keys() == set(CommandKind)
    assert selector["horn_mode"]["options"].keys() == set(HornMode)
    assert selector["when_busy"]["options"].keys() == set(WhenBusy)
    fields = {
        field
        for action in services.ACTIONS
        for field in (*action.required, *action.optional)
    }
    fields |= schedule_fields.ALLOWED.keys() | {"events", "quiet_start", "quiet_end"}
    fields |= {"list", "nothing", "end"}
    assert fields <= selector["command_field"]["options"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_timers_are_explained(language: str) -> None:
    """Each rule that a schedule can break, each day, and each field of a timer."""
    selector = TEXTS[language]["selector"]
    assert selector["schedule_rule"]["options"].keys() == rules()
    figures = {"most", "step", "longest"}
    assert {
        name
        for text in selector["schedule_rule"]["options"].values()
        for name in placeholders(text)
    } == figures
    days = {day.name.lower() for day in Weekday}
    assert selector["weekday"]["options"].keys() == days
    slot = ACTIONS["set_schedule"]["fields"]["slots"]["selector"]["object"]["fields"]
    assert selector["timer"]["fields"].keys() == slot.keys()
    assert set(slot["days"]["selector"]["select"]["options"]) == days
    words = {*OccurrenceKind, "timer", "charge", "climate"}
    assert selector["timer_event"]["options"].keys() == words


def rules() -> set[str]:
    """Return the names of all rules, as the schedule's own module has them."""
    source = (ROOT / "car" / "schedule.py").read_text()
    return set(re.findall(r"rule=\"(\w+)\"", source)) | set(
        re.findall(
            r"^        \"(\w+)\": ", source[source.index("wrong = {") :], re.MULTILINE
        )
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_is_described(language: str) -> None:
    """By what works today; its regions and all that its form asks have names."""
    texts = TEXTS[language]
    options = texts["selector"]["service"]["options"]
    assert options.keys() == SERVICES.keys()
    for kind in SERVICES.values():
        info = kind.info
        if len(info.hosts) > 1:
            assert info.hosts.keys() <= texts["selector"]["region"]["options"].keys()
        for field in info.credentials:
            for step in ("account", "account_partly_open", "account_closed"):
                page = texts["config"]["step"][step]
                if field.advanced:
                    page = page["sections"]["own_server"]
                assert page["data"][field.key]
                assert page["data_description"][field.key]


async def test_home_assistant_understands_the_actions(hass: HomeAssistant) -> None:
    """The structure of services.yaml is valid, and the actions exist without entry."""
    assert await async_setup_component(hass, "carport", {})
    descriptions = await service_helper.async_get_all_descriptions(hass)
    assert descriptions["carport"].keys() == ACTIONS.keys()
    for name, described in descriptions["carport"].items():
        assert described["fields"].keys() == fields_of(name)
        assert described["target"] == {"entity": [{"integration": "carport"}]}


def test_lock_rows_are_inverted() -> None:
    """Home Assistant's lock class is on when unlocked."""
    for row in binary_sensor.BINARY_SENSORS:
        locks = row.device_class is BinarySensorDeviceClass.LOCK
        assert row.inverted is locks


def test_units_are_home_assistants_own() -> None:
    """The vocabulary's units are the strings that Home Assistant converts."""
    for row in sensor_descriptions.SENSORS:
        units = DEVICE_CLASS_UNITS.get(row.device_class) if row.device_class else None
        if units:
            assert row.native_unit_of_measurement in units, row.key
