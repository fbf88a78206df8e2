"""The tables of the documents say what the services themselves declare."""

import json
import re
from typing import Final

import pytest

from carport.car.commands import CommandKind as Kind
from carport.cloud.cadence import Activity
from carport.makers.demo.commands import abilities
from carport.makers.registry import SERVICES
from carport.twin.fleet import GARAGE

from .documents import DOCS, ROOT, cells, table

KEYS: Final = {
    "MyRenault": "my_renault",
    "Škoda": "skoda",
    "EU Data Act": "eu_data_act",
    "CarData": "car_data",
    "Car-Net": "car_net",
    "We Connect": "we_connect",
    "Z.E. Services": "ze_services",
    "i Remote": "i_remote",
    "Demo garage": "demo",
}
"""The services by the names that stand above the columns."""
ACTIVITIES: Final = {
    "drives": {Activity.DRIVING},
    "charges, or has just arrived": {Activity.CHARGING, Activity.ARRIVED},
    "has not proven a command of the last 5 min": {Activity.AFTER_COMMAND},
    "is parked": {Activity.PARKED},
    "has said nothing for 3 h": {Activity.ASLEEP},
}
TAKES: Final = {
    "Lock and unlock": {Kind.LOCK, Kind.UNLOCK},
    "Horn or lights": {Kind.HONK_AND_FLASH},
    "Start charging": {Kind.START_CHARGING},
    "Stop charging": {Kind.STOP_CHARGING},
    "Charge limit": {Kind.SET_CHARGE_LIMIT},
    "Lower charge limit": {Kind.SET_CHARGE_LIMIT_MIN},
    "Charge current": {Kind.SET_CHARGE_CURRENT},
    "Charge mode": {Kind.SET_CHARGE_MODE},
    "Start climate": {Kind.START_CLIMATE},
    "Stop climate": {Kind.STOP_CLIMATE},
    "Climate at a later time": {Kind.SCHEDULE_CLIMATE},
    "Auxiliary heating": {Kind.SET_AUXILIARY_HEATING},
    "Ventilation": {Kind.SET_VENTILATION},
    "Window heating": {Kind.SET_WINDOW_HEATING},
    "Defrost": {Kind.SET_DEFROST},
    "Timers": {Kind.SET_SCHEDULE},
    "Wake the car": {Kind.WAKE},
    "Send a destination": {Kind.SEND_DESTINATION},
}
HISTORY: Final = {
    "Trips": "trips",
    "Charges": "charge_sessions",
    "Health report": "health_report",
}
WORDS: Final = {
    "open": "open",
    "partly_open": "partly open, not official",
    "closed": "closed by the maker",
}


def _seconds(cell: str) -> float:
    number, unit = cell.replace("½", ".5").split()
    return float(number) * {"min": 60, "h": 3600}[unit]


def test_how_often_cars_are_read() -> None:
    """Every pause in the table is the service's."""
    heading: list[str] = []
    seen: set[str] = set()
    for row in cells(DOCS / "readings.md"):
        if row[0] == "The car":
            heading = [KEYS[name] for name in row[1:]]
            seen |= set(heading)
        elif activities := ACTIVITIES.get(row[0]):
            for key, cell in zip(heading, row[1:], strict=True):
                cadence = SERVICES[key].info.cadence
                if cell:
                    told = {cadence.interval(activity) for activity in activities}
                    assert told == {_seconds(cell)}, (key, row[0])
    # CarData goes by its calls, and the broker of one's own by what it says.
    assert seen == SERVICES.keys() - {"car_data", "car_data_broker"}


COMPARED: Final = table(DOCS / "services/README.md", "**Reports**")
COLUMNS: Final = [name for name in KEYS if name != "Demo garage"]


@pytest.mark.parametrize("what", TAKES)
def test_what_each_service_takes(what: str) -> None:
    """`yes` where its table has the commands, a dash where it has none of them."""
    (row,) = [row for row in COMPARED if row[0] == what]
    for name, cell in zip(_columns(), row[1:], strict=True):
        kinds = {one.kind for one in getattr(SERVICES[KEYS[name]], "command_map", ())}
        assert (cell == "yes") is (TAKES[what] <= kinds), name
        assert (cell == "–") is not bool(TAKES[what] & kinds), name


def test_what_the_demo_garage_takes() -> None:
    """Between its cars everything but what two pages say that it does not."""
    taken = {kind for spec in GARAGE for kind in abilities(spec)}
    assert set(Kind) - taken == {Kind.SCHEDULE_CLIMATE}
    for page, said in (
        ("demo.md", "every command but a climate at a later time"),
        ("services/README.md", "all of it but climate at a later time"),
    ):
        assert said in (DOCS / page).read_text(encoding="utf-8"), page


@pytest.mark.parametrize("what", HISTORY)
def test_which_lists_each_service_has(what: str) -> None:
    """Those that can be fetched from the maker."""
    (row,) = [row for row in COMPARED if row[0] == what]
    for name, cell in zip(_columns(), row[1:], strict=True):
        assert (cell == "yes") is (
            HISTORY[what] in SERVICES[KEYS[name]].info.history
        ), name


def test_which_services_know_a_pin() -> None:
    """What needs it is in words, which the tests of each service prove."""
    (row,) = [row for row in COMPARED if row[0] == "**PIN**"]
    for name, cell in zip(_columns(), row[1:], strict=True):
        assert (cell != "not needed") is SERVICES[KEYS[name]].info.pin, name


def _columns() -> list[str]:
    """Return the services in the order of the comparison."""
    (heading,) = [
        row
        for row in cells(DOCS / "services/README.md")
        if row[0] == "" and set(COLUMNS) == set(row[1:])
    ]
    return heading[1:]


def test_what_is_open_stands_in_the_readme() -> None:
    """By the page of each service."""
    rows = {
        hit[1]: row[1]
        for row in cells(ROOT / "README.md")
        if (hit := re.search(r"docs/services/(\w+)\.md", row[0]))
    }
    for key, said in rows.items():
        assert said == WORDS[str(SERVICES[key].info.openness)], key
    assert rows.keys() == SERVICES.keys() - {"demo", "car_data_broker"}


def test_how_long_a_proof_is_waited_for() -> None:
    """The first figure is the service's; some commands have another."""
    rows = table(DOCS / "troubleshooting.md", "Service")[1:]
    for names, said in rows:
        for name in names.split(", "):
            first = re.match(r"\d+", said)
            assert first
            assert float(first[0]) == SERVICES[KEYS[name]].info.timeout, name
    told = {name for names, _ in rows for name in names.split(", ")}
    # The others take no command.
    assert told == KEYS.keys() - {"EU Data Act", "CarData"}


MEASURED: Final = {
    "MyRenault (Zoe)": ("MyRenault", "a Zoe"),
    "Škoda (Enyaq)": ("Škoda", "an Enyaq"),
    "EU Data Act portal (ID.3)": ("EU Data Act", "an ID.3"),
    "CarData (i4, without its stream)": ("BMW CarData", "an i4"),
    "Car-Net (e-Golf)": ("Volkswagen Car-Net", "an e-Golf"),
    "We Connect (Passat GTE)": ("Volkswagen We Connect", "a Passat GTE"),
    "Z.E. Services (Zoe)": ("Renault Z.E. Services", "a Zoe"),
    "i Remote (i3)": ("BMW i Remote", "an i3 with range extender"),
}
"""The rows of what was measured, by the names in the results."""
_RESULTS: Final = ROOT / "benchmarks/RESULTS.md"


def _week(service: str, car: str, begins: str) -> list[str]:
    text = _RESULTS.read_text(encoding="utf-8")
    heading = f"## A simulated week at {service}: {car}\n"
    section = text.partition(heading)[2].partition("\n## ")[0]
    (line,) = [one for one in section.splitlines() if one.startswith(f"| {begins}")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_what_was_measured_is_what_the_results_say() -> None:
    """Round trips, readings, calls, and how soon a departure is known."""
    rows = [row for row in cells(DOCS / "readings.md") if row[0] in MEASURED]
    assert [row[0] for row in rows] == list(MEASURED)
    trips = [row for row in cells(_RESULTS) if len(row) == 7]
    for name, *said in rows:
        service, car = MEASURED[name]
        first = _week(service, car, "Week 1, **Carport**, learning")
        second = _week(service, car, "Week 2, **Carport**, habits learned")
        told = _week(service, car, "Week 2, Carport, told by Home Assistant")
        trip = next(row for row in trips if row[0].startswith(service))
        assert said == [
            f"{trip[3]}, {trip[4]}",
            f"{first[1]}, {second[1]}",
            f"{first[2]}, {second[2]}",
            second[6].replace(" / ", " min, "),
            told[6].replace(" / ", " min, "),
        ], name


def test_which_home_assistant_is_needed() -> None:
    """The documents say what `hacs.json` and the blueprints declare."""
    version = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))[
        "homeassistant"
    ]
    said = f"Home Assistant {version.removesuffix('.0')} or newer"
    for page in (ROOT / "README.md", DOCS / "install.md"):
        assert said in page.read_text(encoding="utf-8"), page.name
    for blueprint in (ROOT / "blueprints").rglob("*.yaml"):
        text = blueprint.read_text(encoding="utf-8")
        assert f"min_version: {version}\n" in text, blueprint.name
