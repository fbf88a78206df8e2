"""How many calls an account has made, and how many are left."""

from collections.abc import Collection
from functools import partial

from carport.cloud.ledger import Ledger
from carport.engine.storage import restored

from .home import AccountRecord, Home
from .output import Output
from .sessions import clock_of_account
from .tables import grid
from .words import say_time


async def show_budget(
    home: Home, records: Collection[AccountRecord], out: Output
) -> None:
    """Print the calls by purpose; nothing is called but a given server's index."""
    told = []
    table = grid(
        "Account",
        "Purpose",
        "Calls today",
        "Left",
        "Until",
        right=("Calls today", "Left"),
    )
    for record in records:
        ledger = await _ledger(home, record)
        left, counts = ledger.left(), dict(ledger.counts_today())
        pause = ledger.throttled_until
        told.append(
            {
                "account": record.name,
                "calls": {str(purpose): count for purpose, count in counts.items()},
                "left": left,
                "throttled_until": pause and pause.isoformat(),
            }
        )
        rows = counts or {"–": 0}
        for number, (purpose, count) in enumerate(rows.items()):
            first = number == 0
            table.add_row(
                record.name if first else "",
                str(purpose),
                str(count),
                ("no limit" if left is None else str(left)) if first else "",
                (say_time(pause) if pause else "–") if first else "",
            )
    if out.as_json:
        out.json(told)
    else:
        out.table(table)


async def _ledger(home: Home, record: AccountRecord) -> Ledger:
    """Return an account's kept ledger, by the clock of its cloud."""
    new = partial(
        Ledger, await clock_of_account(record), limits=record.info.call_limits
    )
    data = home.kept(record.name).get("ledger")
    return restored("ledger", lambda: new(data=data), new)
