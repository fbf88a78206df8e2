"""What Kamereon says of persons, their cars, contracts and gateways."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from carport.twin.twin import Twin, TwinSpec

from .account import AccountState, BrandAccount, CarState
from .regions import PICTURES

_BORN: Final = "2019-04-29T20:39:37.163635Z"
_SIZES: Final = ("LARGE", "SMALL")


def person(account: AccountState) -> dict[str, Any]:
    """Return the person with all accounts."""
    return {
        "personId": account.person_id,
        "type": "I",
        "country": account.country,
        "firstName": "Robin",
        "lastName": "Driver",
        "idp": {
            "idpId": account.uid,
            "idpType": "GIGYA",
            "idpStatus": "ACTIVE",
            "login": account.username,
            "loginType": "EMAIL",
            "termsConditionAcceptance": True,
        },
        "emails": [{"emailType": "MAIN", "emailValue": account.username}],
        "identities": [],
        "myrRequest": False,
        "accounts": [
            {
                "accountId": one.id,
                "accountType": one.kind,
                "accountStatus": "ACTIVE",
                "country": account.country,
                "personId": account.person_id,
                "relationType": "OWNER",
            }
            for one in account.accounts
        ],
        "partyId": f"{int(account.uid[:8], 16)}",
        "createdDate": _BORN,
        "lastModifiedDate": _BORN,
        "locale": f"fr-{account.country}",
    }


def vehicles(
    account: AccountState, home: BrandAccount, twins: dict[str, Twin]
) -> dict[str, Any]:
    """Return the cars of one account, those that it only lists included."""
    borrowed = [vin for vin, kind in account.borrowed.items() if kind == home.kind]
    links = [
        _link(account, vin, twins[vin].spec, driver=vin in home.vins)
        for vin in (*home.vins, *borrowed)
    ]
    return {"accountId": home.id, "country": account.country, "vehicleLinks": links}


def _link(
    account: AccountState, vin: str, spec: TwinSpec, *, driver: bool
) -> dict[str, Any]:
    car = account.cars[vin]
    known = vin not in account.no_details
    return {
        "brand": car.model.brand,
        "vin": vin,
        "status": "ACTIVE",
        "linkType": "OWNER",
        "garageBrand": car.model.brand,
        "annualMileage": 12_000,
        "mileage": round(spec.odometer),
        "startDate": "2021-03-02",
        "createdDate": _BORN,
        "lastModifiedDate": _BORN,
        "cancellationReason": {},
        **(
            {"connectedDriver": {"role": "MAIN_DRIVER", "createdDate": _BORN}}
            if driver
            else {}
        ),
        "vehicleDetails": details(account, vin, spec) if known else None,
    }


def details(account: AccountState, vin: str, spec: TwinSpec) -> dict[str, Any]:
    """Return what is known of a car from the factory and the authorities."""
    car = account.cars[vin]
    energy = car.model.energy
    codes = {"ELEC": "ELEC", "PHEV": "ESS", "HEV": "ESS"}
    return {
        "vin": vin,
        "registrationDate": "2021-02-27",
        "firstRegistrationDate": "2021-02-27",
        "registrationNumber": plate(vin),
        "engineType": "5AQ",
        "modelSCR": car.model.label,
        "version": {"code": "INT A MD 1L"},
        "vcd": "STANDA/X10/B10/EA3",
        "brand": {"label": car.model.brand},
        "model": {"code": car.model.code, "label": spec.model.upper(), "group": "971"},
        "family": {
            "code": car.model.family,
            "label": f"FAMILLE {car.model.family}",
            "group": "007",
        },
        "energy": {"code": codes[energy or "ELEC"], "label": "ENERGY", "group": "019"},
        **(
            {}
            if energy is None
            else {"engineEnergyType": energy, "electrical": energy == "ELEC"}
        ),
        "gearbox": {"code": "BVEL", "label": "AUTOMATIC", "group": "427"},
        "deliveryCountry": {"code": account.country, "label": account.country},
        "registrationCountry": {"code": account.country},
        "connectivityTechnology": "RLINK1",
        "easyConnectStore": False,
        "yearsOfMaintenance": 12,
        "deliveryDate": "2021-03-02",
        "radioCode": "1234",
        "assets": [
            {
                "assetType": "PICTURE",
                "viewpoint": "mybrand_2",
                "renditions": [
                    {
                        "resolutionType": f"ONE_MYRENAULT_{size}",
                        "url": f"https://{PICTURES}/ImageFromBookmark"
                        f"?configuration={picture_name(vin)}&bookmark=EXT_34_DESSUS"
                        f"&profile=HELIOS_OWNERSERVICES_{size}",
                    }
                    for size in _SIZES
                ],
            }
        ],
    }


def contracts(car: CarState, born: datetime) -> list[dict[str, Any]]:
    """Return a car's contracts; one of them is for the connected services."""
    days = timedelta(days=-20 if car.contract_ended else 400)
    end = (born + days).date().isoformat()
    warranty_end = (born + timedelta(days=900)).date().isoformat()
    return [
        {
            "type": "CONNECTED_SERVICES",
            "contractId": "AB12345",
            "code": "ZECONNECTP",
            "group": "Z",
            "durationMonths": 36,
            "startDate": "2024-03-02",
            "endDate": end,
            "status": "ENDED" if car.contract_ended else "ACTIVE",
            "statusLabel": "Fini" if car.contract_ended else "Actif",
            "description": "My Z.E. Connect 36 mois",
            "conditions": [{"startDate": "2024-03-02", "endDate": end}],
        },
        {
            "type": "WARRANTY",
            "code": "CorrosionWarranty",
            "durationMonths": 144,
            "endDate": warranty_end,
            "status": "ACTIVE",
            "statusLabel": "Actif",
            "description": "Garantie corrosion",
            "conditions": [
                {"endDate": warranty_end, "unlimitedMileage": True, "mileageUnit": "km"}
            ],
        },
    ]


def gateway(account: AccountState, vin: str) -> dict[str, Any]:
    """Return what the car's gateway is, and whether it keeps its data to itself."""
    car = account.cars[vin]
    return {
        "vin": vin,
        "vehicleId": int(uuid5(NAMESPACE_URL, vin).hex[:6], 16),
        "batteryCode": "BT4AR1",
        "brand": car.model.brand,
        "canGeneration": "C1A",
        "carGateway": car.model.gateway,
        "deliveryCountry": f"{account.country} ",
        "deliveryDate": None,
        "energy": "electric" if car.model.energy == "ELEC" else "fuel",
        "engineType": "5AQ",
        "familyCode": car.model.family,
        "gearbox": "AUTOMATIC",
        "modelCode": "B10",
        "modelCodeDetail": car.model.code,
        "modelName": car.model.label,
        "region": "EU",
        "registrationCountry": f"{account.country} ",
        "registrationNumber": plate(vin),
        "privacyMode": "on" if car.private else "off",
        "privacyModeUpdateDate": "2021-03-03T12:03:44.13Z",
        "svtFlag": False,
        "svtBlockFlag": False,
    }


def plate(vin: str) -> str:
    """Return the plate of a car, which follows from its VIN."""
    return f"AB-{int(vin[-4:]) % 1000:03}-CD"


def picture_name(vin: str) -> str:
    """Return the name under which a car's picture is kept: not its VIN."""
    return uuid5(NAMESPACE_URL, f"picture:{vin}").hex


def alerts(car: CarState, twin: Twin) -> list[dict[str, Any]]:
    """Return the maintenance alerts of a car: one while a tyre leaks."""
    report = twin.report
    if "alerts" not in car.model.serves or twin.spec.leaking_tyre is None:
        return []
    at = report.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        {
            "alertCode": "TYRE_01",
            "alertType": "MAINTENANCE",
            "priority": 2,
            "criticity": 2,
            "criticityName": "MEDIUM",
            "alertCodeTitle": "Tyre pressure",
            "alertCodeDescription": "Check the pressure of the tyres",
            "status": "ACTIVE",
            "creationDateTime": at,
            "lastUpdateDateTime": at,
            "mileage": round(report.state.odometer),
            "mileageUnit": "km",
        }
    ]
