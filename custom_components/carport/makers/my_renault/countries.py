"""The countries of MyRenault: language, hosts, keys of the app, and time zone.

The keys identify the app, not its owner, and are the same for everybody. The maker
replaces them from time to time, so an owner may type others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Where the people of some countries sign in and reach their cars."""

    gigya: str
    kamereon: str
    gigya_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country: its cloud, the locale it is spoken to in, and its clock."""

    code: str
    locale: str
    zone: str
    cloud: Cloud
    drives_left: bool = False

    @property
    def language(self) -> str:
        """The language of e-mails."""
        return self.locale.partition("_")[0]


KAMEREON_KEY: Final = "YjkKtHmGfaceeuExUDKGxrLZGGvtVS0J"
PICTURES: Final = "3dv2.renault.com"

_EUROPE: Final = Cloud(
    gigya="accounts.eu1.gigya.com",
    kamereon="api-wired-prod-1-euw1.wrd-aws.com",
    gigya_key="3_VgdkgtIRH3AdHvJm-cjV2ug2EFE0lxt0IJzMC4MFqZjFpn_GYFXVdNZ19L7wZX0N",
)
_LUXEMBOURG: Final = Cloud(
    gigya=_EUROPE.gigya,
    kamereon=_EUROPE.kamereon,
    gigya_key="3_zt44Wl_wT9mnqn-BHrR19PvXj3wYRPQKLcPbGWawlatFR837KdxSZZStbBTDaqnb",
)
_AUSTRALIA: Final = Cloud(
    gigya="gigya-prod-au1.renaultgroup.com",
    kamereon="api-wired-prod-1-apn1.wrd-aws.com",
    gigya_key="4_GC9iGd3sH8sMJpz2x0q0CQ",
)
_MEXICO: Final = Cloud(
    gigya="accounts.us1.gigya.com",
    kamereon="api-wired-prod-1-usw2.wrd-aws.com",
    gigya_key="4_yTFqPSsGxVyRXPZUM7t1Iw",
)

_EUROPEANS: Final = (
    ("AT", "de_AT", "Vienna"),
    ("BE", "fr_BE", "Brussels"),
    ("BG", "bg_BG", "Sofia"),
    ("CH", "de_CH", "Zurich"),
    ("CZ", "cs_CZ", "Prague"),
    ("DE", "de_DE", "Berlin"),
    ("DK", "da_DK", "Copenhagen"),
    ("ES", "es_ES", "Madrid"),
    ("FI", "fi_FI", "Helsinki"),
    ("FR", "fr_FR", "Paris"),
    ("GB", "en_GB", "London"),
    ("HR", "hr_HR", "Zagreb"),
    ("HU", "hu_HU", "Budapest"),
    ("IE", "en_IE", "Dublin"),
    ("IT", "it_IT", "Rome"),
    ("NL", "nl_NL", "Amsterdam"),
    ("NO", "no_NO", "Oslo"),
    ("PL", "pl_PL", "Warsaw"),
    ("PT", "pt_PT", "Lisbon"),
    ("RO", "ro_RO", "Bucharest"),
    ("RU", "ru_RU", "Moscow"),
    ("SE", "sv_SE", "Stockholm"),
    ("SI", "sl_SI", "Ljubljana"),
    ("SK", "sk_SK", "Bratislava"),
)
_DRIVE_LEFT: Final = frozenset({"AU", "GB", "IE"})

COUNTRIES: Final[Mapping[str, Country]] = {
    country.code: country
    for country in (
        *(
            Country(
                code=code,
                locale=locale,
                zone=f"Europe/{city}",
                cloud=_EUROPE,
                drives_left=code in _DRIVE_LEFT,
            )
            for code, locale, city in _EUROPEANS
        ),
        Country(code="LU", locale="fr_LU", zone="Europe/Luxembourg", cloud=_LUXEMBOURG),
        Country(
            code="AU",
            locale="en_AU",
            zone="Australia/Sydney",
            cloud=_AUSTRALIA,
            drives_left=True,
        ),
        Country(code="MX", locale="es_MX", zone="America/Mexico_City", cloud=_MEXICO),
    )
}

HOSTS: Final = frozenset(
    {
        PICTURES,
        *(country.cloud.gigya for country in COUNTRIES.values()),
        *(country.cloud.kamereon for country in COUNTRIES.values()),
    }
)
"""Every host that may be called."""


def country_of(code: str | None) -> Country:
    """Return a country by its code; the maker's own where nobody knows it."""
    return COUNTRIES.get((code or "").upper(), COUNTRIES["FR"])


def published_keys(country: Country) -> str:
    """Return both keys of a country in one text, to see when an update replaced one."""
    return f"{country.cloud.gigya_key} {KAMEREON_KEY}"
