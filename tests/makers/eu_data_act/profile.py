"""The EU Data Act portal, as the shared tests meet it."""

from simulator.eu_data_act.damages import DAMAGES
from tests.makers.profile import Entry, Profile, Requests, account_of

PROFILES = (
    Profile(
        service="eu_data_act",
        tester=account_of("datenprobe@example.com"),
        driver=account_of("id.und.gte@example.com"),
        requests=Requests(
            reads="/proxy_api/euda-apim/datadelivery/*",
            passwords="*/login/authenticate",
            spoilt="*/download",
        ),
        damages=tuple(DAMAGES),
        harmless=frozenset({"data_act_half_payload"}),
        # The next best file is as good, but for its time.
        other_sources=frozenset({"delivered_at"}),
        lets_in=Entry.SESSION,
    ),
)
