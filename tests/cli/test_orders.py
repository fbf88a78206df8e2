"""Commands at the command line: from sent to a receipt, whatever comes between."""

import json
import signal

import pytest

from scripts.demo_home.waiting import until

from .terminal import ENDS, GOLF, Terminal, check_receipt, ended, heard


async def test_unlocked_and_locked(terminal: Terminal) -> None:
    """The car itself confirms both; a pipe hears each step."""
    await terminal.add_tester_well()
    unlocked = await terminal.run("unlock", "e-golf")
    assert unlocked.code == 0, unlocked.err
    assert "Unlock – confirmed, as the car said" in unlocked.out
    assert unlocked.err.splitlines() == [
        "Unlock: sent.",
        "Unlock: accepted by the maker, waiting for the car.",
    ]
    locked = await terminal.run("lock", GOLF[-6:], "--json")
    assert locked.code == 0
    check_receipt(locked.json, "lock", "confirmed")
    assert locked.json["after"] == {"doors_locked": True}
    shown = (await terminal.run("show", GOLF, "--json")).json
    signals = {one["signal"]: one["value"] for one in shown["readings"]}
    assert signals["doors_locked"] is True


async def test_what_never_goes_out_is_not_called_sent(terminal: Terminal) -> None:
    """A car that cannot do it is not asked, and nobody reads that it was."""
    assert (await terminal.run("add", "demo")).code == 0
    done = await terminal.run("lock", "old lady")
    assert done.code == 1
    assert "Lock – refused" in done.err
    assert "sent." not in done.err


async def test_the_horn_alone_is_called_so(terminal: Terminal) -> None:
    """Who sounds the horn does not read that the lights flash."""
    assert (await terminal.run("add", "demo")).code == 0
    horn = await terminal.run("honk", "aurora", "--no-wait")
    assert "Honk – accepted" in horn.out
    both = await terminal.run("honk", "courier", "--flash", "--no-wait")
    assert "Honk and flash – accepted" in both.out


async def test_without_waiting(terminal: Terminal) -> None:
    """The command ends well as soon as the cloud has accepted."""
    await terminal.add_tester_well()
    done = await terminal.run("unlock", "e-golf", "--no-wait", "--json")
    assert done.code == 0
    check_receipt(done.json, "unlock", "accepted")


async def test_refused(terminal: Terminal) -> None:
    """What the car cannot do says so, with its reason and its code."""
    await terminal.add_tester_well()
    done = await terminal.run("charge", "limit", "passat", "80", "--json")
    assert done.code == 1
    check_receipt(done.json, "set_charge_limit", "refused")
    assert done.json["reason"] == "not_capable"


async def test_the_pin(terminal: Terminal) -> None:
    """Without it the car stays locked; a file brings it for one command."""
    await terminal.add_tester_well(pin=False)
    refused = await terminal.run("unlock", "e-golf")
    assert refused.code == 1
    assert "--pin-file" in refused.err
    done = await terminal.run("unlock", "e-golf", "--pin-file", str(terminal.pin))
    assert done.code == 0, done.err


async def test_throttled(terminal: Terminal) -> None:
    """A cloud that wants a pause has a code of its own."""
    await terminal.add_tester_well()
    terminal.simulator.control.fault("status", status=429, retry_after=3600)
    done = await terminal.run("read", "e-golf", "--json")
    assert done.code == 4, done.err
    assert done.json["error"] == "throttled"


async def test_a_car_without_reception(terminal: Terminal) -> None:
    """The outcome is not known, which is no success."""
    await terminal.add_tester_well()
    terminal.simulator.control.twin(GOLF, unreachable=True)
    done = await terminal.run("unlock", "e-golf", "--json")
    assert done.code == 5, done.err
    check_receipt(done.json, "unlock", "timed_out")


async def test_usage(terminal: Terminal) -> None:
    """A car that nobody knows, or that could be two, is named with candidates."""
    await terminal.add_tester_well()
    unknown = await terminal.run("lock", "beetle")
    assert unknown.code == 2
    assert "Volkswagen Passat (…8118)" in unknown.err
    ambiguous = await terminal.run("lock", "volkswagen", "--json")
    assert ambiguous.code == 2
    assert ambiguous.json["error"] == "ambiguous_car"
    assert (await terminal.run("lock", "16")).code == 2
    assert (await terminal.run("lock")).code == 2


@ENDS
@pytest.mark.parametrize("speed", [1.0])
async def test_ctrl_c_leaves_a_receipt(
    terminal: Terminal, number: signal.Signals
) -> None:
    """The command that was on its way is told as it is: nobody knows."""
    await terminal.add_tester_well()
    process = await terminal.start("unlock", "e-golf", "--json")
    await heard(process, "accepted by the maker")
    process.send_signal(number)
    done = await ended(process)
    assert done.code == 5, done.err
    check_receipt(done.json, "unlock", "failed")
    assert done.json["reason"] == "account_closed"
    assert done.json["accepted_at"]


@pytest.mark.parametrize("speed", [1.0])
async def test_ctrl_c_while_the_maker_is_silent(terminal: Terminal) -> None:
    """The call is on the wire, and nobody can say whether it arrives."""
    await terminal.add_tester_well()
    slow = terminal.simulator.control.fault("slow", seconds=4, path="*/doors")
    process = await terminal.start("unlock", "e-golf", "--json")
    await heard(process, "sent")

    async def called() -> int:
        return slow.hits

    await until("the call", called, 30)
    process.send_signal(signal.SIGINT)
    done = await ended(process)
    assert done.code == 5, done.err
    check_receipt(done.json, "unlock", "failed")
    assert done.json["reason"] == "account_closed"
    assert done.json["accepted_at"] is None
    told = await terminal.run("lock", "e-golf", "--no-wait")
    assert "cut off" not in told.err


@pytest.mark.parametrize("speed", [1.0])
async def test_a_crash_is_told_and_nothing_repeated(terminal: Terminal) -> None:
    """What was on its way then is unknown, and is not sent again."""
    await terminal.add_tester_well()
    process = await terminal.start("unlock", "e-golf")
    await heard(process, "accepted by the maker")
    process.kill()
    await process.wait()
    journal = terminal.home / "accounts" / "car_net" / "commands.json"
    assert [one["command"] for one in json.loads(journal.read_text())] == ["unlock"]
    terminal.simulator.control.forget_calls()
    done = await terminal.run("lock", "e-golf", "--no-wait")
    assert "cut off at Unlock (…0116" in done.err
    assert "Outcome: unknown" in done.err
    assert GOLF not in done.err
    told = await terminal.run("lock", "e-golf", "--no-wait")
    assert "cut off" not in told.err
