"""MyRenault, as the shared tests meet it."""

from simulator.my_renault.damages import DAMAGES
from tests.makers.profile import Profile, Requests, account_of, climate

PROFILES = (
    Profile(
        service="my_renault",
        tester=account_of("my.renault.tester@example.com"),
        # The only model that tells of notifications is the first Zoe.
        driver=account_of("other.models@example.com"),
        requests=Requests(
            reads="/commerce/v1/accounts/*/kamereon/*",
            commands="*/actions/hvac-start",
            passwords="/accounts.login",
            part="*/cockpit",
        ),
        damages=tuple(DAMAGES),
        # Most of its cars tell of no doors.
        command=climate(contradicts="command_car_disagrees"),
    ),
)
