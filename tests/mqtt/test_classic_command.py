"""`carport classic` beside a broker: what the terminal shows is told there too."""

from typing import Final

import pytest

from tests.cli.terminal import Terminal, ended

from .broker import LOOPBACK, Listener, Mosquitto, free_port, listening
from .running import GTE
from .test_classic import CHARGER, CLIMA, POSITION, STATE, check

_BASE: Final = "/weconnectMQTT"


def _name_broker(terminal: Terminal, port: int, *car: str) -> None:
    lines = (f'host = "{LOOPBACK}"', f"port = {port}", "[[cars]]", *car)
    text = "\n".join(("[broker]", *lines))
    terminal.home.joinpath("bridge.toml").write_text(text, encoding="utf-8")


_CAR1: Final = ('car = "Passat GTE"', 'topic = "car1"')


async def _said(listener: Listener) -> list[tuple[str, str]]:
    """Return what was said from the first active to the last, below the base."""
    await listener.until(lambda: (f"{_BASE}/active", "0") in listener.lines)
    lines = [(topic.removeprefix(f"{_BASE}/"), text) for topic, text in listener.lines]
    assert lines[0] == ("active", "1")
    assert [topic for topic, _ in lines[-2:]] == ["active/time", "active"]
    assert not any(one.retain for one in listener.heard)
    return lines[1:-2]


async def test_a_state_is_published(european: Terminal, mosquitto: Mosquitto) -> None:
    """The groups of the original in their order; places only as the owner allows."""
    _name_broker(european, mosquitto.port, *_CAR1)
    async with listening(mosquitto.port) as listener:
        done = await european.run("classic", "--state", "--name", "Passat")
        assert done.code == 0, done.err
        assert "Doors locked" in done.out
        check(await _said(listener), STATE)
    allowed = 'publish = ["place", "parking_time"]'
    _name_broker(european, mosquitto.port, *_CAR1, allowed)
    async with listening(mosquitto.port) as listener:
        done = await european.run("classic", "--fullstate", "--name", "Passat")
        assert done.code == 0, done.err
        check(await _said(listener), STATE, CLIMA, POSITION, CHARGER)


async def test_commands_are_answered(european: Terminal, mosquitto: Mosquitto) -> None:
    """One that the maker took, and one that no such car takes; the terminal may command."""
    _name_broker(european, mosquitto.port, *_CAR1)
    async with listening(mosquitto.port) as listener:
        words = ("--climatemp", "21.5", "--name", "Passat")
        assert (await european.run("classic", *words)).code == 0
        assert await _said(listener) == [("car1/response/climatemp", "True")]
    _name_broker(european, mosquitto.port, 'car = "Arteon"', 'topic = "car2"')
    async with listening(mosquitto.port) as listener:
        words = ("--charger", "on", "--name", "Arteon")
        assert (await european.run("classic", *words)).code == 1
        assert await _said(listener) == [
            ("car2/response/charger", "False"),
            ("car2/charger", "error"),
        ]


async def test_taken_is_not_done(european: Terminal, mosquitto: Mosquitto) -> None:
    """The maker took what the car never did: the response of the original says just that."""
    _name_broker(european, mosquitto.port, *_CAR1)
    european.simulator.control.twin(GTE, contrary=True)
    async with listening(mosquitto.port) as listener:
        words = ("--clima", "on", "--name", "Passat")
        done = await european.run("classic", *words)
        assert done.code != 0
        assert await _said(listener) == [("car1/response/clima", "True")]


async def test_a_car_that_cannot_be_read(
    european: Terminal, mosquitto: Mosquitto
) -> None:
    """The original's word for it, and the horn that was not sent for that."""
    _name_broker(european, mosquitto.port, *_CAR1)
    european.simulator.control.fault("status", status=503)
    async with listening(mosquitto.port) as listener:
        words = ("--state", "--flash", "1", "--name", "Passat")
        assert (await european.run("classic", *words)).code == 1
        assert await _said(listener) == [
            ("car1/connect", "error"),
            ("car1/response/flash", "False"),
            ("car1/flash", "error"),
        ]


@pytest.mark.parametrize("gone", [False, True])
async def test_one_account_of_several_fails(
    european: Terminal, mosquitto: Mosquitto, gone: bool
) -> None:
    """Its cars are told so; those of the others are shown and told as ever."""
    assert (await european.run("add", "demo")).code == 0
    _name_broker(european, mosquitto.port, *_CAR1)
    if gone:
        await european.simulator.stop()
    else:
        european.simulator.control.fault("status", status=503)
    async with listening(mosquitto.port) as listener:
        done = await european.run("classic", "--state")
        assert done.code == 1, done.err
        said = dict(await _said(listener))
        assert said["car1/connect"] == "error"
        connects = [text for topic, text in said.items() if topic.endswith("/connect")]
        assert sorted(connects) == ["1"] * 4 + ["error"] * 2
        assert sum(topic.endswith("/door/lock") for topic in said) == 4
    assert "Aurora" in done.out
    assert "Passat" not in done.out
    assert all(f"{name} (…" in done.err for name in ("Passat", "Arteon"))


async def test_no_command_is_taken_from_the_broker(
    european: Terminal, mosquitto: Mosquitto
) -> None:
    """The service takes commands; who looks at a car does not."""
    _name_broker(european, mosquitto.port, *_CAR1, 'commands = ["charge", "climate"]')
    async with listening(mosquitto.port) as listener:
        await listener.say(f"{_BASE}/car1/set/clima", "on", retain=True)
        await listener.text(f"{_BASE}/car1/set/clima")
        listener.heard.clear()
        done = await european.run("classic", "--state", "--name", "Passat")
        assert done.code == 0, done.err
        assert not [one for one, _ in await _said(listener) if "response" in one]


@pytest.mark.parametrize("word", ["--state", "--fullstate"])
async def test_a_broker_that_is_not_there(european: Terminal, word: str) -> None:
    """It is logged; the state is shown all the same."""
    _name_broker(european, free_port(), *_CAR1)
    done = await ended(await european.start("classic", word, "--name", "Passat"))
    assert done.code == 0, done.err
    assert "Doors locked" in done.out
    assert "The broker is not there" in done.err


async def test_a_configuration_with_a_mistake(european: Terminal) -> None:
    """What is wrong is logged with its line, and keeps nobody from looking at a car."""
    _name_broker(european, free_port(), 'car = "Nobody"')
    done = await ended(await european.start("classic", "--state"))
    assert done.code == 0, done.err
    assert "Doors locked" in done.out
    assert "bridge.toml, line 5" in done.err


async def test_no_broker_is_guessed(european: Terminal) -> None:
    """Without a configuration nobody is told, not even one on this machine."""
    done = await ended(await european.start("classic", "--state"))
    assert done.code == 0, done.err
    assert "broker" not in done.err
