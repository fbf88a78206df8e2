"""What CarData is, as data: read by forms, cadence, ledger and tests."""

from datetime import time, timedelta
from typing import Final

from ...cloud.cadence import CadenceDefaults
from ...cloud.call_limits import CallLimit
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.ledger import CREDENTIALS
from ...cloud.service_info import Openness, ServiceInfo
from . import endpoints
from .read_planner import CALLS_A_DAY, RESERVE

INFO: Final = ServiceInfo(
    key="car_data",
    name="BMW CarData",
    manufacturer="BMW",
    openness=Openness.OPEN,
    reads_only=True,
    hosts={endpoints.REGION: endpoints.HOSTS},
    credentials=(
        CredentialField(key="client_id", kind=FieldKind.TEXT, identifies=True),
    ),
    # No more than its share of the day's calls: see `read_planner`.
    # The same account and the same clients stand in the portal of every country.
    guide={
        "bmw": "https://www.bmw.co.uk/en-gb/mybmw/vehicle-overview",
        "mini": "https://www.mini.co.uk/en-gb/mymini/vehicle-overview",
        "about": "https://bmw-cardata.bmwgroup.com/customer/public/home",
    },
    cadence=CadenceDefaults(
        driving=1800, charging=1800, after_command=1800, parked=2400, asleep=2400
    ),
    call_limits=(
        CallLimit(
            calls=CALLS_A_DAY,
            per=timedelta(days=1),
            resets_at=time.min,
            reserve=RESERVE,
            spares=frozenset(CREDENTIALS),
        ),
    ),
    streams=True,
    sign_ins_a_day=20,
    history=frozenset({"charge_sessions", "charging_places", "health_report"}),
    pictures=True,
    advice=frozenset(
        {
            "calls_used_elsewhere",
            "container_refused",
            "containers_full",
            "containers_full_of_others",
            "level_frozen",
            "not_main_user",
            "stream_contested",
            "stream_refused",
        }
    ),
)
