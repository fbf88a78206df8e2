"""The original's fourteen arguments, with their meaning and without their defects."""

from carport.cloud.product import PRODUCT

from .terminal import GOLF, PASSAT, Terminal

STATUS = "/status/"


def sent(terminal: Terminal) -> list[str]:
    """Return what cars were asked to do, in its order, by the ends of the paths."""
    return [
        call.path.rpartition("/")[2]
        for call in terminal.simulator.control.calls()
        if call.method in {"PUT", "PATCH"}
        and STATUS in call.path
        # A reading that is asked for by PUT.
        and not call.path.endswith("/details")
    ]


async def test_states_and_profile(terminal: Terminal) -> None:
    """All cars, or the one that is selected; each is read for it."""
    await terminal.add_tester_well()
    both = await terminal.run("classic", "--state")
    assert both.code == 0, both.err
    assert both.out.index("e-Golf") < both.out.index("Passat")
    assert "Target temperature" not in both.out
    terminal.simulator.control.forget_calls()
    full = await terminal.run("classic", "--profile", "--fullstate", "--vin", GOLF)
    assert full.code == 0, full.err
    assert GOLF in full.out
    assert "tester@example.com" not in full.out
    assert full.out.index("PIN stored") < full.out.index("Doors locked")
    assert "Plugged in" in full.out
    assert terminal.simulator.control.calls("/rvs/*")


async def test_combined_in_the_order_of_the_original(terminal: Terminal) -> None:
    """Whatever the order on the line; the 21.5 degrees are not cut to 21."""
    await terminal.add_tester_well()
    done = await terminal.run(
        *("classic", "--flash", "1", "--honk", "on", "--climatemp", "21.5"),
        *("--clima", "on", "--name", "e-golf"),
    )
    assert done.code == 0, done.err
    assert sent(terminal) == [
        "climate",
        "climate",
        "horn_and_lights",
        "horn_and_lights",
    ]
    target = terminal.simulator.twin(GOLF).state.target_temperature
    assert abs(target - 21.5) < 0.3


async def test_off_is_no_horn(terminal: Terminal) -> None:
    """The original honked for `off` too; nothing is called for it here."""
    await terminal.add_tester_well()
    terminal.simulator.control.forget_calls()
    done = await terminal.run("classic", "--vin", PASSAT, "--honk", "off")
    assert done.code == 0, done.err
    assert sent(terminal) == []


async def test_what_is_not_clear_is_not_sent(terminal: Terminal) -> None:
    """No car, an unknown one, a word that means nothing, a car that cannot do it."""
    await terminal.add_tester_well()
    nobody = await terminal.run("classic", "--charger", "on")
    assert nobody.code == 1
    assert "Which car?" in nobody.err
    unknown = await terminal.run("classic", "--plate", "WOB-T 1", "--flash", "1")
    assert unknown.code == 1
    assert "No car is called that" in unknown.err
    word = await terminal.run("classic", "--vin", GOLF, "--clima", "maybe")
    assert word.code == 2
    incapable = await terminal.run("classic", "--vin", PASSAT, "--charger", "on")
    assert incapable.code == 1
    assert "refused" in incapable.err
    assert sent(terminal) == []


async def test_version_and_help_come_before_anything(terminal: Terminal) -> None:
    """Without an account, and without a call."""
    version = await terminal.run("classic", "--version", "--state")
    assert (version.code, version.out) == (0, f"{PRODUCT}\n")
    nothing = await terminal.run("classic")
    assert nothing.code == 0
    assert "--climatemp" in nothing.err
