"""The account's own data, the list of cars, and the rights to each."""

from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from carport.twin.twin import Twin

from ..cloud import Route, routes_of
from ..refusal import Refused, guarded
from .account import WeAccount
from .admission import Admission
from .answers import refused
from .hosts import DATA, META, OTHER_DATA, OTHER_META, PROFILE, USERS, home_uri
from .reads import iso, later, model_year_of, services_of

_OPERATIONS: Final = "/rolesrights/operationlist/v3/vehicles/{vin}"
_VEHICLE_DATA: Final = "/fs-car/vehicleMgmt/vehicledata/v2/VW/{country}/vehicles/{vin}"
_PIN: Final = "/api/rolesrights/authorization/v2"


class AccountCalls:
    """Profile, users, cars, home regions, roles and rights."""

    def __init__(self, admission: Admission) -> None:
        """Serve a request that is admitted."""
        self._admission = admission

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return what a host answers of this."""
        if host == PROFILE:
            calls: tuple[tuple[str, str, Any], ...] = tuple(
                ("GET", f"/v1/customers/{{user}}/{name}", self._profile)
                for name in _PROFILES
            )
        elif host == USERS:
            calls = (("POST", "/iaa/uic/v1/vin/{vin}/users", self._users),)
        elif host in {META, OTHER_META}:
            calls = (
                ("GET", "/api/cs/vds/v1/vehicles/{vin}/homeRegion", self._home),
                ("GET", f"/api{_OPERATIONS}", self._operations),
                (
                    "GET",
                    (
                        f"{_PIN}/vehicles/{{vin}}/services/{{service}}"
                        "/operations/{operation}/security-pin-auth-requested"
                    ),
                    self._challenge,
                ),
                ("POST", f"{_PIN}/security-pin-auth-completed", self._admission.solve),
            )
        elif host in {DATA, OTHER_DATA}:
            calls = (
                (
                    "GET",
                    "/fs-car/usermanagement/users/v1/VW/{country}/vehicles",
                    self._vehicles,
                ),
                ("GET", f"/fs-car{_OPERATIONS}/users/{{user}}", self._operations),
                (
                    "GET",
                    (
                        "/fs-car/rolesrights/permissions/v1/VW/{country}"
                        "/vehicles/{vin}/fetched-role"
                    ),
                    self._role,
                ),
                ("GET", _VEHICLE_DATA, self._vehicle_data),
                ("GET", f"{_VEHICLE_DATA}/", self._vehicle_data),
                (
                    "GET",
                    (
                        "/fs-car/promoter/portfolio/v1/VW/{country}"
                        "/vehicle/{vin}/carportdata"
                    ),
                    self._carport_data,
                ),
            )
        else:
            calls = ()
        return routes_of(calls, guarded)

    async def _profile(self, request: web.Request) -> web.Response:
        account = self._admission.account(request, "access_token")
        if request.match_info["user"] != account.user_id:
            raise Refused(refused(403))
        name = request.path.rpartition("/")[2]
        cars = [] if account.empty else account.vins
        twins = [self._admission.site.twin(vin) for vin in cars]
        return web.json_response(_PROFILES[name](account, twins))

    async def _users(self, request: web.Request) -> web.Response:
        account = self._admission.account(request, "access_token")
        now = self._admission.site.clock.now()
        body = await request.json()
        claims = self._admission.register.alive(
            str(body.get("idP_IT")), "id_token", now
        )
        if claims is None or claims.sub != account.user_id:
            raise Refused(refused(401))
        if request.match_info["vin"] not in account.vins:
            raise Refused(refused(403))
        user = {
            "userId": account.mbb_id,
            "nickname": _first_name(account),
            "role": "PRIMARY_USER",
        }
        return web.json_response({"users": [user]})

    async def _vehicles(self, request: web.Request) -> web.Response:
        account = self._admission.account(request)
        vins = [] if account.empty else account.vins
        return web.json_response({"userVehicles": {"vehicle": list(vins)}})

    async def _home(self, request: web.Request) -> web.Response:
        _, twin = self._admission.car(request, None)
        uri = home_uri(twin.spec.vin)
        system = "FG_MAL3A" if "3a" in uri else "FG_MAL1A"
        # Real names: a client moves them to its own addresses itself.
        return web.json_response(
            {"homeRegion": {"baseUri": {"systemId": system, "content": uri}}}
        )

    async def _challenge(self, request: web.Request) -> web.Response:
        return self._admission.challenge(request)

    async def _vehicle_data(self, request: web.Request) -> web.Response:
        _, twin = self._admission.car(request, None)
        spec = twin.spec
        return web.json_response(
            {
                "vehicleDataDetail": {
                    "systemId": "MBB-EU",
                    "requestId": "8c1d0e1f",
                    "brand": "VW",
                    "country": "DE",
                    "vin": spec.vin,
                    "isConnect": not twin.faults.unreachable,
                    "isConnectSorglosReady": False,
                    "vehicleDevices": {
                        "vehicleDevice": [
                            {
                                "deviceType": "TELEMATICS",
                                "deviceId": "OCU3-000000",
                                "ecuGeneration": "OCU3",
                                "mno": "Cubic",
                            }
                        ]
                    },
                    "carportData": model_year_of(twin),
                }
            }
        )

    async def _carport_data(self, request: web.Request) -> web.Response:
        self._admission.car(request, None)
        raise Refused(refused(403))

    async def _role(self, request: web.Request) -> web.Response:
        self._admission.car(request, None)
        role = {
            "content": "PRIMARY_USER",
            "status": "ENABLED",
            "securityLevel": "HG_2b",
        }
        return web.json_response({"role": role})

    async def _operations(self, request: web.Request) -> web.Response:
        account, twin = self._admission.car(request, None)
        if request.match_info.get("user", account.mbb_id) != account.mbb_id:
            raise Refused(refused(403))
        now = self._admission.site.clock.now()
        services = [
            {
                "serviceId": name,
                "serviceType": "mbb",
                "serviceStatus": {"status": "Disabled", "reason": ["noActiveLicense"]}
                if name == account.unlicensed
                else {"status": "Enabled"},
                "licenseRequired": True,
                "cumulatedLicense": {
                    "status": "EXPIRED" if name == account.unlicensed else "ACTIVATED",
                    "expirationDate": {
                        "content": later(
                            now, -30 if name == account.unlicensed else 700
                        )
                    },
                },
                "primaryUserRequired": True,
                "rolesAndRightsRequired": True,
                "operation": [
                    {"id": operation, "version": "1", "permission": "granted"}
                    for operation in operations
                ],
            }
            for name, operations in services_of(twin.spec).items()
        ]
        return web.json_response(
            {
                "operationList": {
                    "vin": twin.spec.vin,
                    "channelClient": "APP",
                    "userId": account.mbb_id,
                    "role": "PRIMARY_USER",
                    "securityLevel": "HG_3",
                    "status": "ENABLED",
                    "serviceInfo": services,
                }
            }
        )


def _first_name(account: WeAccount) -> str:
    return account.username.partition("@")[0].title()


def _personal(account: WeAccount, _twins: list[Twin]) -> dict[str, Any]:
    return {
        "firstName": _first_name(account),
        "lastName": "Example",
        "nickname": _first_name(account),
        "businessIdentifierType": "BUSINESS_IDENTIFIER_TYPE:MBB_ID",
        "businessIdentifierValue": account.mbb_id,
    }


def _real_cars(_account: WeAccount, twins: list[Twin]) -> dict[str, Any]:
    return {
        "realCars": [
            {
                "vehicleIdentificationNumber": twin.spec.vin,
                "nickname": twin.spec.nickname or twin.spec.vin,
                "allocatedDealerBrandCode": "V",
                "carnetAllocationTimestamp": iso(
                    twin.state.health_reported_at - timedelta(days=400)
                ),
                "carNetIndicator": True,
                "deactivated": False,
                "deactivationReason": None,
            }
            for twin in twins
        ]
    }


def _mbb_status(account: WeAccount, _twins: list[Twin]) -> dict[str, Any]:
    return {
        "profileCompleted": True,
        "spinDefined": bool(account.pin),
        "carnetEnrollmentCountry": account.country,
        "mbbUserId": account.mbb_id,
    }


def _identity(account: WeAccount, _twins: list[Twin]) -> dict[str, Any]:
    return {
        "email": account.username,
        "emailVerified": True,
        "identityId": account.user_id,
    }


_PROFILES: Final = {
    "personalData": _personal,
    "realCarData": _real_cars,
    "mbbStatusData": _mbb_status,
    "identityData": _identity,
}
