"""Several processes share accounts: each is served once, whatever happens to them."""

import signal

from cli.database import open_home
from cli.journal import cut_off
from scripts.demo_home.waiting import until

from .fleet import LEASE, Fleet


async def test_a_crash_in_the_middle_of_a_command(fleet: Fleet) -> None:
    """Another process takes over, and tells of the command without repeating it."""
    home = open_home(fleet.folder, fleet.database.address)
    vin = fleet.accounts[0].vins[0]
    first = await fleet.serve(lease=LEASE)
    await first.heard("opened", 6)
    before = fleet.commands
    first.say(f"lock {vin}")

    async def sent() -> bool:
        return fleet.commands > before

    await until("the command", sent, 20)
    await first.kill()
    second = await fleet.serve(lease=LEASE)
    await second.heard("opened", 6)
    told = await second.heard("cut_off")
    assert (told["command"], told["outcome"]) == ("lock", "unknown")
    await second.end()
    assert fleet.commands == before + 1
    # What was told is over: nobody hears of it again.
    assert not cut_off(home.journal("car_net"))


async def test_a_process_that_slept_does_nothing_any_more(fleet: Fleet) -> None:
    """Its accounts are served by another, and the fencing number keeps it out."""
    vin = fleet.accounts[0].vins[0]
    first = await fleet.serve(lease=LEASE)
    await first.heard("opened", 6)
    # The first reading of all is over before time stands still for it.
    first.say(f"read {vin}")
    await first.heard("read")
    first.signal(signal.SIGSTOP)
    second = await fleet.serve(lease=LEASE)
    await second.heard("opened", 6)
    before, called = fleet.commands, fleet.called(0)
    first.say(f"unlock {vin}")
    first.signal(signal.SIGCONT)
    receipt = await first.heard("receipt")
    assert receipt["outcome"] == "refused"
    await first.heard("left", 6)
    assert not first.serves()
    assert len(second.serves()) == 6
    assert fleet.commands == before
    second.say(f"read {vin}")
    assert (await second.heard("read"))["error"] is None
    assert fleet.called(0) > called
    await second.end()
    await first.end()


async def test_accounts_are_shared_and_their_calls_counted(fleet: Fleet) -> None:
    """No account is served twice; every call that went out is in the database, sealed."""
    fleet.database.ask("DELETE FROM carport_calls")
    fleet.simulator.control.forget_calls()
    first = await fleet.serve(lease=LEASE, most=3)
    await first.heard("opened", 3)
    second = await fleet.serve(lease=LEASE, most=3)
    await second.heard("opened", 3)
    assert not first.serves() & second.serves()
    for index, account in enumerate(fleet.accounts):
        for process in (first, second):
            process.say(f"read {account.vins[0]}")
        assert index < 6
    await first.heard("read", 3)
    await second.heard("read", 3)
    await first.end()
    await second.end()
    tells_strangers_nothing(fleet)
    (booked,) = fleet.database.ask("SELECT count(*) FROM carport_calls")[0]
    assert booked == sum(fleet.called(index) for index in range(6))


async def test_the_database_restarts(fleet: Fleet) -> None:
    """Meanwhile nothing is called; afterwards the same process goes on."""
    vin = fleet.accounts[0].vins[0]
    first = await fleet.serve(lease=LEASE)
    await first.heard("opened", 6)
    first.say(f"read {vin}")
    await first.heard("read", error=None)
    fences = fleet.database.ask(
        "SELECT name, fence FROM carport_accounts ORDER BY name"
    )
    fleet.database.stop()
    called = fleet.called(0)
    first.say(f"unlock {vin}")
    receipt = await first.heard("receipt")
    assert receipt["outcome"] == "refused"
    assert fleet.called(0) == called
    fleet.database.start()
    first.say(f"read {vin}")
    await first.heard("read", 2, error=None)
    assert fences == fleet.database.ask(
        "SELECT name, fence FROM carport_accounts ORDER BY name"
    )
    await first.end()


def tells_strangers_nothing(fleet: Fleet) -> None:
    """Expect that whoever has a copy of the database has no name, car or token."""
    for column in ("record", "kept", "cars"):
        rows = fleet.database.ask(
            f"SELECT encode({column}, 'escape') FROM carport_accounts"  # noqa: S608
        )
        text = "".join(str(row[0]) for row in rows).lower()
        assert len(text) > 600
        for account in fleet.accounts:
            for secret in (account.username, *account.vins):
                assert secret.lower() not in text
        assert "token" not in text
