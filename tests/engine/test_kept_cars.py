"""What is kept of a car, while the car goes on."""

import pytest

from carport.car import signals as s
from carport.car.signals import Signal
from carport.engine.kept_cars import car_to_json

from .paper_service import VIN, Bench


def test_a_car_can_be_written_while_it_is_told_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thread that writes meets a new wish, and the file is whole all the same."""
    bench = Bench({})
    bench.take(s.BATTERY_LEVEL, 50.0)
    car = bench.garage.cars[VIN]
    bench.garage.assume(car, {s.CHARGE_LIMIT: 80.0})
    encode = Signal.encode

    def encode_while(signal: Signal[float], value: float) -> object:
        monkeypatch.undo()
        bench.garage.assume(car, {s.MAX_CHARGE_CURRENT: 10.0})
        return encode(signal, value)

    monkeypatch.setattr(Signal, "encode", encode_while)
    assert car_to_json(car)["assumed"] == {"charge_limit": 80.0}
    assert car_to_json(car)["assumed"].keys() == {"charge_limit", "max_charge_current"}
