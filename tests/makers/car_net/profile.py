"""Car-Net, as the shared tests meet it."""

from simulator.car_net.damages import DAMAGES
from tests.makers.profile import Ends, Profile, Requests, ShownCommand, account_of

PROFILES = (
    Profile(
        service="car_net",
        tester=account_of("tester@example.com"),
        driver=account_of("driver@example.com"),
        requests=Requests(
            reads="/rvs/*",
            commands="*/status/exterior/doors",
            passwords="*/login/authenticate",
            spoilt="*",
            part="/vhs/*",
        ),
        ends=Ends(closed={"attestation": "enforced"}),
        damages=tuple(DAMAGES),
        harmless=frozenset({"miles"}),
        # It tells nothing: the car's next report does.
        command=ShownCommand(contradicts="command_car_disagrees"),
    ),
)
