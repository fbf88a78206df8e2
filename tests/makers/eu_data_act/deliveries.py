"""Deliveries as tests write them: entries by key, a ZIP around them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
import io
import json
from pathlib import Path
from typing import Any, Final
import zipfile

from carport.car.snapshot import Snapshot
from carport.makers.eu_data_act.archive import Delivery, unpack
from carport.makers.eu_data_act.readings import Readings, read_delivery
from carport.makers.eu_data_act.spans import Memory

FIXTURES: Final = Path(__file__).parents[2] / "fixtures" / "eu_data_act"
VIN: Final = "WVWZZZE1ZSIM00001"


def at(clock: str, day: int = 20) -> datetime:
    """Return a time on a day of November."""
    moment = datetime.fromisoformat(f"2026-11-{day:02}T{clock}")
    return moment.replace(tzinfo=UTC)


def zipped(*documents: Any, names: Iterable[str] | None = None) -> bytes:
    """Return documents in a ZIP; bytes go in as they are."""
    room = io.BytesIO()
    files = list(names or (f"{number}.json" for number in range(len(documents))))
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in zip(files, documents, strict=True):
            raw = isinstance(document, bytes)
            archive.writestr(name, document if raw else json.dumps(document))
    return room.getvalue()


def document(values: Mapping[str, str], *times: str, vin: str = VIN) -> dict[str, Any]:
    """Return a dotted document: values by key, and capture times beside them."""
    entries = [
        {"key": key, "dataFieldName": "some.name", "value": value}
        for key, value in values.items()
    ]
    entries += [
        {"key": f"time-{number}", "dataFieldName": "car_captured_time", "value": time}
        for number, time in enumerate(times)
    ]
    return {"vin": vin, "user_id": "somebody", "Data": entries}


def flat_document(
    values: Mapping[str, tuple[str, str]], vin: str = VIN
) -> dict[str, Any]:
    """Return a flat document: values and times by key."""
    entries = [
        {"key": key, "dataFieldName": "name", "value": value, "timestampUtc": time}
        for key, (value, time) in values.items()
    ]
    return {"vin": vin, "Data": entries}


def delivered(created_at: datetime, *documents: Any, vin: str = VIN) -> Delivery:
    """Return a delivery with these documents in it."""
    return unpack(zipped(*documents), vin, created_at)


def fixture(name: str, created_at: datetime) -> Delivery:
    """Return one of the deliveries that were made up to look like real ones."""
    content = json.loads((FIXTURES / f"eda_{name}.json").read_text(encoding="utf-8"))
    return unpack(zipped(content), content["vin"], created_at)


class Reader:
    """Takes deliveries one after the other, as a service does."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.memory = Memory()
        self.snapshot = Snapshot()
        self.last = Readings()

    def take(self, delivery: Delivery) -> dict[str, Any]:
        """Take a delivery; return what it says, by signal."""
        self.last = read_delivery(delivery, self.memory, delivery.created_at, "portal")
        self.snapshot = self.snapshot.merge(self.last.readings).snapshot
        return {one.signal.key: one.value for one in self.last.readings}

    def value(self, key: str) -> Any:
        """Return what is known of a signal now."""
        reading = self.snapshot.readings.get(key)
        return None if reading is None else reading.value
