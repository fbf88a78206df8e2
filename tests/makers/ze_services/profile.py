"""Z.E. Services, as the shared tests meet it."""

from simulator.ze_services.damages import DAMAGES
from tests.makers.profile import Ends, Profile, Requests, account_of, climate

PROFILES = (
    Profile(
        service="ze_services",
        tester=account_of("zoe.tester@example.com"),
        driver=account_of("zoe.at.home@example.com"),
        requests=Requests(
            reads="/api/vehicle/*",
            commands="/api/vehicle/*/air-conditioning",
            passwords="/api/user/login",
            part="/api/vehicle/*/charge/scheduler/onboard",
        ),
        ends=Ends(moved={"migrated": True}),
        damages=tuple(DAMAGES),
        # It has no doors, and its cloud tells of runs alone: there was none.
        command=climate(rest="unknown", contradicts="command_car_refused"),
    ),
)
