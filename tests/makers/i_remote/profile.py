"""I Remote, as the shared tests meet it."""

from simulator.i_remote.damages import DAMAGES
from tests.makers.profile import Ends, Profile, Requests, ShownCommand, account_of

PROFILES = (
    Profile(
        service="i_remote",
        tester=account_of("i3.tester@example.com"),
        driver=account_of("i3.driver@example.com"),
        requests=Requests(
            reads="*/vehicles/*/status",
            commands="*/executeService",
            passwords="*/oauth/token*",
            part="/api/vehicle/navigation/*",
        ),
        # The password is all that it has to renew a token by.
        ends=Ends(
            dead=({"password": "Another-2019"}, {"revoke": "access"}),
            closed={"closed": True},
        ),
        damages=tuple(DAMAGES),
        command=ShownCommand(),
    ),
)
