"""The bridge's file and the words in it; what is wrong is told with its line."""

from pathlib import Path

import pytest

from carport.car.commands import CommandKind
from carport.car.limits import Limits
from carport.cloud.contract import Car
from carport.mqtt.permissions import GROUPS, allows
from carport.mqtt.settings import (
    CarSettings,
    Layout,
    Private,
    Settings,
    is_topic_level,
    settings_of,
)
from cli.bridge_file import BrokerEntry, parse
from cli.bridge_setup import broker, example, read_configuration
from cli.exits import Exit, Failure

PATH = Path("bridge.toml")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("layout = ", 1, "Invalid value"),
        ('layout = "own"\nlayuot = 1\n', 2, "layuot is not known"),
        ('# well\nlayout = "mine"\n', 2, "layout is one of own, discovery"),
        ("layout = []\n", 1, "layout is one of"),
        ("\n[broker]\nport = 0\n", 3, "port is a whole number"),
        ("[broker]\nport = true\n", 2, "port is a whole number"),
        ("[broker]\nhost = 5\n", 2, "host is a text"),
        ('[broker]\ntls = "yes"\n', 2, "tls is true or false"),
        ('[broker]\nversion = "4"\n', 2, "version is 5, 3.1.1"),
        ('[broker]\npassword = "hush"\n', 2, "password is not known"),
        ('[own]\nbase = "a/#"\n', 2, "base is a topic"),
        ('[own]\nbase = "$SYS"\n', 2, "base is a topic"),
        (f'[own]\nbase = "{"x" * 65536}"\n', 2, "base is a text of one line"),
        ('[broker]\nhost = "a\\u0000"\n', 2, "host is a text of one line"),
        ('[[cars]]\ncar = "a"\ntopic = "a\\u0000"\n', 3, "topic is a text of one line"),
        ('[[cars]]\ntopic = "a"\n', 1, "car is missing"),
        ('[[cars]]\ncar = "a"\n[[cars]]\ncar = "b"\ntopic = "x/y"\n', 5, "one word"),
        (
            '[[cars]]\ncar = "a"\ntopic = "x"\n\n[[cars]]\ncar = "b"\ntopic = "x"\n',
            7,
            "another car",
        ),
        ('[[cars]]\ncar = "a"\ncommands = ["all"]\n', 3, "none of charge, climate"),
        ('[[cars]]\ncar = "a"\ncommands = "charge"\n', 3, "a list of words"),
        ('[[cars]]\ncar = "a"\npublish = ["home"]\n', 3, "none of place"),
        ('[[cars]]\ncar = "a"\npin = "1234"\n', 3, "pin is not known"),
        ('[cars]\ncar = "a"\n', 1, "begins with [[cars]]"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, said: str) -> None:
    """And never with what somebody wrote in the wrong place."""
    with pytest.raises(Failure) as caught:
        parse(text, PATH)
    assert caught.value.code is Exit.USAGE
    assert f"bridge.toml, line {line}: " in caught.value.message
    assert said in caught.value.message
    assert "hush" not in caught.value.message
    assert "1234" not in caught.value.message


@pytest.mark.parametrize(
    "text", [f"layout = {'[' * 5000}", f"x = {'{x=' * 5000}", f"x = {'9' * 5000}"]
)
def test_what_no_reader_can_hold_is_a_mistake_like_others(text: str) -> None:
    """It ends with words, not with the reader's own error."""
    with pytest.raises(Failure) as caught:
        parse(text, PATH)
    assert caught.value.code is Exit.USAGE


def test_a_mark_of_the_encoding_is_no_mistake(tmp_path: Path) -> None:
    """Some editors begin a file with it."""
    path = tmp_path / "bridge.toml"
    path.write_text('[broker]\nhost = "here"\n', encoding="utf-8-sig")
    assert read_configuration(path, must_be=True).broker.host == "here"


def test_a_password_in_another_encoding_is_told(tmp_path: Path) -> None:
    """Without saying any of it."""
    secret = tmp_path / "password"
    secret.write_bytes("müller".encode("latin-1"))
    with pytest.raises(Failure) as caught:
        broker(BrokerEntry(password_file=str(secret)))
    assert caught.value.key == "bridge_secret"
    assert "ller" not in caught.value.message


def test_the_example_is_right_and_so_is_every_line_of_it() -> None:
    """Also with what is commented out there."""
    assert parse(example(), PATH).layouts == {Layout.OWN}
    lines = []
    for line in example().splitlines():
        word, is_key, _ = line.removeprefix("# ").partition(" = ")
        written = line.startswith("# [") or (is_key and " " not in word.strip())
        lines.append(line.removeprefix("# ") if written else line)
    everything = parse("\n".join(lines), PATH)
    (car,) = everything.cars
    assert (car.car, car.topic) == ("e-golf", "car1")
    assert car.commands == {"charge", "climate"}
    assert car.publish == set(Private)
    assert everything.broker.tls
    assert everything.broker.password_file
    assert everything.accounts


def test_the_surroundings_say_it_without_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A container has variables in place of a file."""
    for name, value in {
        "HOST": "broker.example",
        "PORT": "1884",
        "USERNAME": "me",
        "PASSWORD": "hush",
        "VERSION": "3.1.1",
        "LAYOUT": "discovery,weconnectmqtt",
    }.items():
        monkeypatch.setenv(f"CARPORT_MQTT_{name}", value)
    given = read_configuration(tmp_path / "none.toml", must_be=False)
    assert given.layouts == {Layout.DISCOVERY, Layout.CLASSIC}
    made = broker(given.broker)
    assert (made.host, made.port, made.version) == ("broker.example", 1884, "3.1.1")
    assert (made.username, made.password) == ("me", "hush")
    assert "hush" not in repr(made)
    assert "me" not in repr(given.broker).replace("username", "").replace("name", "")
    monkeypatch.setenv("CARPORT_MQTT_PORT", "many")
    with pytest.raises(Failure, match="CARPORT_MQTT_PORT"):
        read_configuration(tmp_path / "none.toml", must_be=False)


def test_dangerous_things_only_by_name() -> None:
    """No word but its own unlocks a car or burns fuel."""
    free, burns = Limits(), Limits(burns_fuel=True)
    for word in GROUPS:
        assert allows({word}, CommandKind.UNLOCK, free) is (word == "unlock")
        heats = allows({word}, CommandKind.SET_AUXILIARY_HEATING, free)
        assert heats is (word == "fuel_heater")
        assert not allows({word}, CommandKind.START_CLIMATE, burns)
        assert not allows({word}, CommandKind.SET_NOTIFICATIONS, free)
    assert allows({"climate", "fuel_heater"}, CommandKind.START_CLIMATE, burns)
    # What stops it is let through.
    assert allows({"climate"}, CommandKind.STOP_CLIMATE, burns)
    assert not allows((), CommandKind.LOCK, free)


def test_no_two_cars_have_one_topic() -> None:
    """Cars of one name have the ends of their VINs; the bridge's own level is no car's."""
    cars = [
        Car(vin=vin, manufacturer="M", nickname=name)
        for vin, name in (
            ("WVWZZZAUZMW000001", "Our car"),
            ("WVWZZZAUZMW000002", "our CAR"),
            ("WVWZZZAUZMW000003", "Bridge"),
            ("WVWZZZAUZMW000004", "Grün/#+"),
            ("WVWZZZAUZMW000005", "mine"),
        )
    ]
    chosen = Settings(cars={cars[4].vin: CarSettings(topic="gr-n")})
    topics = [one.topic for one in settings_of(chosen, cars).values()]
    assert topics == [
        "our-car-0001",
        "our-car-0002",
        "bridge-0003",
        "gr-n-0004",
        "gr-n",
    ]
    assert all(map(is_topic_level, topics))
    assert not any(map(is_topic_level, ("bridge", "set", "a/b", "#", "", "$SYS")))
    assert settings_of(chosen, cars) == settings_of(chosen, cars[::-1])
