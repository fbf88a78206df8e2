"""Škoda's interface, as the shared tests meet it."""

from simulator.skoda.damages import DAMAGES
from tests.makers.profile import Ends, Entry, Profile, Requests, account_of, climate

PROFILES = (
    Profile(
        service="skoda",
        tester=account_of("skoda.tester@example.com"),
        driver=account_of("enyaq.driver@example.com"),
        # There is no password: each reading tries the key.
        requests=Requests(
            reads="/api/v1/vehicles/*",
            commands="/api/v1/vehicles/*/air-conditioning/start",
            passwords="/api/v1/vehicles/*",
        ),
        ends=Ends(dead=({"key_expires_in": -1},)),
        damages=tuple(DAMAGES),
        # It locks no doors.
        command=climate(contradicts="command_car_disagrees"),
        lets_in=Entry.KEY,
    ),
)
