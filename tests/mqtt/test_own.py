"""The own layout at a real broker: what cars tell, and what may be asked of them."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any, Final

from carport.car.signals import SIGNALS
from carport.cloud.ledger import Purpose
from carport.mqtt.settings import PRIVATE_SIGNALS, Layout, Private, Settings
from simulator.clock import ManualClock
from tests.cli.terminal import GOLF, Terminal

from .broker import Mosquitto, listening
from .running import Running, running, settings

RECEIPT_KEYS: Final = {"id", "command", "outcome", "reason", "detail"}
_BAD_CALLS: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"command": "unlock"}, "not_allowed"),
    ({"command": "fly"}, "unknown_command"),
    ({"command": "set_notifications", "events": {}}, "unknown_command"),
    ({"command": "lock", "pin": "1234"}, "pin_by_topic"),
    ({"command": "set_charge_limit"}, "wrong_payload"),
    ({"command": "set_charge_limit", "percent": "a"}, "wrong_payload"),
    ({"command": "set_charge_limit", "percent": True}, "wrong_payload"),
    ({"command": "lock", "now": 1}, "wrong_payload"),
    ({"command": "lock", "not_after": "soon"}, "wrong_payload"),
)


async def test_what_a_car_tells(terminal: Terminal, mosquitto: Mosquitto) -> None:
    """Each signal is retained, with its time in the JSON beside it; places are not told."""
    chosen = settings()
    async with running(terminal, mosquitto, chosen) as run:
        state = await run.listener.json("carport/golf/state")
        assert await run.listener.text("carport/bridge/state") == "online"
        values = state["values"]
        level = await run.listener.text("carport/golf/battery_level")
        assert float(level) == values["battery_level"]["value"]
        assert values["battery_level"]["unit"] == "%"
        captured_at = datetime.fromisoformat(values["battery_level"]["captured_at"])
        assert captured_at.tzinfo is not None
        # It was read by an earlier run, and says so.
        assert state["restored"] is True
        assert values["battery_level"]["restored"] is True
        assert state["age"] >= 0
        assert await run.listener.text("carport/golf/doors_locked") == "true"
        assert (await run.listener.json("carport/golf/channel"))["state"] == "ok"
        await run.session.engine.read(GOLF)
        golf = run.session.engine.cars[GOLF]
        for key, reading in golf.snapshot.readings.items():
            if key not in PRIVATE_SIGNALS:
                await run.listener.text(f"carport/golf/{key}")
            assert reading.signal is SIGNALS[key]
    # Somebody who comes later finds it all, and who it was that left.
    async with listening(mosquitto.port) as late:
        assert await late.text("carport/bridge/state") == "offline"
        state = await late.json("carport/golf/state")
        assert await late.text("carport/golf/battery_level") == level
        told = {str(one.topic).rpartition("/")[2] for one in late.heard}
        assert not told & PRIVATE_SIGNALS.keys()
        assert not state["values"].keys() & PRIVATE_SIGNALS.keys()
        assert all(one.retain for one in late.heard)
        assert GOLF not in json.dumps([*late.lines])


async def test_how_an_account_is(counted: Terminal, mosquitto: Mosquitto) -> None:
    """The calls that are left are told with each call; discovery announces them."""
    chosen = Settings(layouts=frozenset({Layout.DISCOVERY}))
    async with running(counted, mosquitto, chosen) as run:
        topic = "carport/bridge/accounts/skoda"
        told = await run.listener.json(topic)
        ledger = run.session.engine.accounts["skoda"].ledger
        assert told["calls_left"] == ledger.left()
        assert told["throttled"] is False
        account = run.bridge.own.accounts.known["skoda"]
        config = await run.listener.json(
            f"homeassistant/device/carport_{account.digest}/config"
        )
        component = config["components"]["sensor_calls_left"]
        assert component["state_topic"] == topic
        ledger.book(Purpose.READ)
        await run.listener.until(
            lambda: (
                json.loads(run.listener.texts(topic)[-1])["calls_left"]
                == told["calls_left"] - 1
            )
        )


async def test_places_only_if_wanted_and_never_retained(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """Who listens then hears where the car is; who comes later does not."""
    chosen = settings(publish=frozenset({Private.PLACE, Private.PARKING_TIME}))
    async with running(terminal, mosquitto, chosen) as run:
        place = await run.listener.json("carport/golf/place")
        golf = run.session.engine.cars[GOLF].snapshot.readings["parked_location"].value
        assert (place["latitude"], place["longitude"]) == (
            golf.latitude,  # type: ignore[union-attr] # a position
            golf.longitude,  # type: ignore[union-attr] # a position
        )
        await run.listener.text("carport/golf/parked_location")
    async with listening(mosquitto.port) as late:
        state = await late.json("carport/golf/state")
        assert "parked_location" not in state["values"]
        topics = {str(one.topic) for one in late.heard}
        assert not topics & {"carport/golf/place", "carport/golf/parked_location"}


async def test_a_call_and_a_set_are_answered(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """A call has its answer, and a copy of it the same one: it goes out once."""
    async with running(terminal, mosquitto, settings("lock", "unlock")) as run:
        await run.listener.text("carport/golf/state")
        call = {"id": "one", "command": "unlock"}
        await run.listener.say("carport/golf/call", call)
        # Under way: nobody hears of it twice.
        await run.listener.say("carport/golf/call", call)
        answer = await run.listener.json("carport/golf/answer/one")
        assert answer["outcome"] == "confirmed"
        assert answer["after"] == {"doors_locked": False}
        assert await run.listener.text("carport/golf/doors_locked", after=1) == "false"
        outcomes = [
            json.loads(one)["outcome"]
            for one in run.listener.texts("carport/golf/receipt")
        ]
        assert outcomes == ["accepted", "confirmed"]
        await run.listener.say("carport/golf/set/doors", "lock")
        await run.listener.until(
            lambda: len(run.listener.texts("carport/golf/receipt")) == 4
        )
        # The very same id again, for another command even: the answer from memory.
        await run.listener.say("carport/golf/call", {"id": "one", "command": "unlock"})
        again = await run.listener.json("carport/golf/answer/one", after=1)
        assert again == answer
        assert len(run.listener.texts("carport/golf/receipt")) == 4
        assert run.session.engine.cars[GOLF].snapshot.readings["doors_locked"].value


async def test_texts_that_no_text_can_hold_are_answered_too(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """Half a character in a call cuts nobody's connection."""
    half = "\ud800\0"
    async with running(terminal, mosquitto, settings("charge", "destination")) as run:
        await run.listener.text("carport/golf/state")
        place: dict[str, Any] = {
            "name": half,
            "latitude": 1,
            "longitude": 1,
            "address": {half: half},
        }
        calls: dict[str, dict[str, Any]] = {
            "one": {"command": "set_charge_current", "current": half},
            "two": {"command": "send_destination", **place},
        }
        for id_, call in calls.items():
            await run.listener.say("carport/golf/call", {"id": id_, **call})
            answer = await run.listener.json(f"carport/golf/answer/{id_}")
            assert answer["command"] == call["command"]
        assert run.connection.connections == 1


async def _refused(run: Running, topic: str, payload: object) -> dict[str, Any]:
    """Say something, and return the refusal that follows."""
    before = len(run.listener.texts("carport/golf/receipt"))
    await run.listener.say(topic, payload)
    told = await run.listener.json("carport/golf/receipt", after=before)
    assert told.keys() >= RECEIPT_KEYS
    assert told["outcome"] == "refused"
    assert told["message"]
    return dict(told)


async def test_what_is_not_allowed_goes_nowhere(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """By set and by call alike; each refusal says why, and no car hears of any."""
    async with running(terminal, mosquitto, settings("charge", "lock")) as run:
        await run.listener.text("carport/golf/state")
        calls = run.session.engine.accounts["car_net"].ledger.to_json()
        for topic, payload, reason in (
            ("set/doors", "unlock", "not_allowed"),
            ("set/climate", "on", "not_allowed"),
            ("set/refresh", "press", "not_allowed"),
            ("set/charge_control", "perhaps", "wrong_payload"),
            ("set/charge_control", b"\xff\xfe", "wrong_payload"),
            ("set/warp", "on", "unknown_command"),
            ("call", "no json", "wrong_payload"),
            ("call", {"command": "lock"}, "no_id"),
            ("call", {"id": "a/b", "command": "lock"}, "no_id"),
        ):
            told = await _refused(run, f"carport/golf/{topic}", payload)
            assert told["reason"] == reason, topic
        for number, (call, reason) in enumerate(_BAD_CALLS):
            await run.listener.say("carport/golf/call", {"id": f"n{number}", **call})
            told = await run.listener.json(f"carport/golf/answer/n{number}")
            assert (told["outcome"], told["reason"]) == ("refused", reason), call
        answers = [text for topic, text in run.listener.lines if "/answer/" in topic]
        assert not any("1234" in text for text in answers)
        # A car without an entry of its own takes nothing at all.
        await run.listener.say("carport/passat/set/doors", "lock")
        told = await run.listener.json("carport/passat/receipt")
        assert told["reason"] == "not_allowed"
        assert run.session.engine.accounts["car_net"].ledger.to_json() == calls


async def test_no_command_from_the_past(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """What is retained is reported and not done; what waited too long neither."""
    async with listening(mosquitto.port) as before:
        await before.say("carport/golf/set/doors", "unlock", retain=True)
        call = {"id": "old", "command": "unlock"}
        await before.say("carport/golf/call", call, retain=True)
    clock = ManualClock(datetime(2026, 5, 1, 8, tzinfo=UTC))
    chosen = settings("lock", "unlock")
    async with running(terminal, mosquitto, chosen, clock=clock) as run:
        await run.listener.until(
            lambda: len(run.listener.texts("carport/golf/receipt")) == 2
        )
        for text in run.listener.texts("carport/golf/receipt"):
            assert json.loads(text)["reason"] == "retained"
        # Its moment has passed.
        late = (clock.now() - timedelta(seconds=1)).isoformat()
        call = {"id": "late", "command": "unlock", "not_after": late}
        await run.listener.say("carport/golf/call", call)
        told = await run.listener.json("carport/golf/answer/late")
        assert told["reason"] == "too_late"
        # The machine slept: what is in its buffers now may have come an hour ago.
        clock.correct(timedelta(hours=1))
        told = await _refused(run, "carport/golf/set/doors", "unlock")
        assert told["reason"] == "waited_too_long"
        assert run.session.engine.cars[GOLF].running is None
        # It is awake for a while, and does as it is told.
        clock.step(11)
        soon = (clock.now() + timedelta(seconds=30)).isoformat()
        call = {"id": "new", "command": "unlock", "not_after": soon}
        await run.listener.say("carport/golf/call", call)
        told = await run.listener.json("carport/golf/answer/new")
        assert told["outcome"] == "confirmed"


async def test_a_lane_keeps_nothing_longer_than_a_minute(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """One command goes at a time; what waited behind it for too long is refused."""
    clock = ManualClock(datetime(2026, 5, 1, 8, tzinfo=UTC))
    chosen = settings("lock", "unlock")
    async with running(terminal, mosquitto, chosen, clock=clock) as run:
        await run.listener.text("carport/golf/state")
        await run.listener.say("carport/golf/call", {"id": "a", "command": "unlock"})
        await run.listener.until(lambda: run.listener.texts("carport/golf/receipt"))
        await run.listener.say("carport/golf/call", {"id": "b", "command": "lock"})
        for number in range(8):
            call = {"id": f"c{number}", "command": "lock"}
            await run.listener.say("carport/golf/call", call)
        told = await run.listener.json("carport/golf/answer/c7")
        assert told["reason"] == "too_many"
        for _ in range(13):
            # It beats meanwhile: it is the lane that is slow.
            clock.step(5)
        assert (await run.listener.json("carport/golf/answer/a"))[
            "outcome"
        ] == "confirmed"
        told = await run.listener.json("carport/golf/answer/b")
        assert told["reason"] == "waited_too_long"
