"""We Connect, as the shared tests meet it."""

from simulator.we_connect.damages import DAMAGES
from tests.makers.profile import Ends, Profile, Requests, ShownCommand, account_of

PROFILES = (
    Profile(
        service="we_connect",
        tester=account_of("prueferin@example.com"),
        driver=account_of("fahrerin@example.com"),
        requests=Requests(
            reads="/fs-car/bs/*",
            commands="*/rlu/v1/*/actions",
            passwords="*/login/authenticate",
            part="/fs-car/bs/cf/*",
        ),
        ends=Ends(closed={"mbb_closed": True}),
        damages=tuple(DAMAGES),
        command=ShownCommand(),
    ),
)
