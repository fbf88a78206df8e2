"""What the portal is, before anything of it is run."""

from datetime import timedelta
from typing import Final

from ...cloud.cadence import CadenceDefaults
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.service_info import Openness, ServiceInfo
from . import advice
from .car_state import EVERY
from .hosts import BRANDS, HOSTS, PORTAL
from .markets import LANGUAGES, USUAL
from .session import A_DAY

INFO: Final = ServiceInfo(
    key="eu_data_act",
    name="EU Data Act",
    manufacturer="Volkswagen Group",
    openness=Openness.OPEN,
    reads_only=True,
    hosts={"eu": HOSTS},
    guide={"portal": PORTAL},
    credentials=(
        CredentialField(key="username", kind=FieldKind.EMAIL, identifies=True),
        CredentialField(key="password", kind=FieldKind.PASSWORD),
        CredentialField(
            key="brand",
            kind=FieldKind.CHOICE,
            choices=tuple(BRANDS),
            names={key: brand.name for key, brand in BRANDS.items()},
            suggested="volkswagen",
            identifies=True,
        ),
        CredentialField(
            key="country",
            kind=FieldKind.CHOICE,
            choices=tuple(LANGUAGES),
            suggested=USUAL,
        ),
    ),
    # The portal makes a file every 15 minutes; `next_reading` knows when.
    cadence=CadenceDefaults(
        driving=900, charging=900, after_command=900, parked=900, asleep=900
    ),
    delivers_every=EVERY,
    sign_ins_a_day=A_DAY,
    # A request is renewed in a minute, so there is no hurry.
    expiry_notice=timedelta(days=7),
    advice=advice.KEYS,
)
