"""What MyRenault says of itself, before anything of it is run."""

from datetime import timedelta
from typing import Final

from ...cloud.cadence import CadenceDefaults
from ...cloud.call_limits import CallLimit
from ...cloud.ledger import CREDENTIALS as UNCOUNTED
from ...cloud.service_info import Openness, ServiceInfo
from .countries import HOSTS
from .history import HISTORY
from .login import CREDENTIALS

INFO: Final = ServiceInfo(
    key="my_renault",
    name="MyRenault",
    manufacturer="Renault",
    openness=Openness.OPEN,
    hosts={"world": HOSTS},
    credentials=CREDENTIALS,
    # Every quarter of an hour while a car's days are not known: half of `parked`.
    # While charging; 10 to 30 minutes, as owners tell.
    cars_report_every=timedelta(minutes=15),
    cadence=CadenceDefaults(
        driving=300, charging=300, after_command=60, parked=1800, asleep=3600
    ),
    # Not published: what owners found out, and other programs keep to.
    call_limits=(
        CallLimit(
            calls=60,
            per=timedelta(hours=1),
            reserve=12,
            spares=frozenset(str(purpose) for purpose in UNCOUNTED),
        ),
    ),
    verify_after=60,
    timeout=900,
    history=frozenset(row.key for row in HISTORY),
    pictures=True,
)
