"""The hosts of each region, and the public keys by which the app is known there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One region: where one signs in, where the cars are, and the app's key."""

    gigya: str
    kamereon: str
    gigya_key: str
    data_centre: str


REGIONS: Final[Mapping[str, Region]] = {
    "eu": Region(
        gigya="accounts.eu1.gigya.com",
        kamereon="api-wired-prod-1-euw1.wrd-aws.com",
        gigya_key="3_VgdkgtIRH3AdHvJm-cjV2ug2EFE0lxt0IJzMC4MFqZjFpn_GYFXVdNZ19L7wZX0N",
        data_centre="eu1.gigya.com",
    ),
    "au": Region(
        gigya="gigya-prod-au1.renaultgroup.com",
        kamereon="api-wired-prod-1-apn1.wrd-aws.com",
        gigya_key="4_GC9iGd3sH8sMJpz2x0q0CQ",
        data_centre="au1.gigya.com",
    ),
    "mx": Region(
        gigya="accounts.us1.gigya.com",
        kamereon="api-wired-prod-1-usw2.wrd-aws.com",
        gigya_key="4_yTFqPSsGxVyRXPZUM7t1Iw",
        data_centre="us1.gigya.com",
    ),
}
KAMEREON_KEY: Final = "YjkKtHmGfaceeuExUDKGxrLZGGvtVS0J"
PICTURES: Final = "3dv2.renault.com"
"""The host of the cars' pictures, as recorded addresses have it."""

GIGYA_HOSTS: Final = {region.gigya: key for key, region in REGIONS.items()}
KAMEREON_HOSTS: Final = {region.kamereon: key for key, region in REGIONS.items()}
HOSTS: Final = (*GIGYA_HOSTS, *KAMEREON_HOSTS, PICTURES)
