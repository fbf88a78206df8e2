"""The data hosts: what they tell of a car."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiohttp import web

from ..refusal import Refused
from . import reads, reports
from .admission import Admission
from .answers import refused
from .report import vsr
from .timers import timers
from .trips import KINDS, trips

_CAR: Final = "VW/{country}/vehicles/{vin}"
_BS: Final = "/fs-car/bs"
_HEALTH_ACCEPT: Final = "sharedTelemetricReport"
_HISTORY: Final = {
    f"{_BS}/geofencing/v1/{_CAR}/geofencingAlerts": "geofence_v1",
    f"{_BS}/speedalert/v1/{_CAR}/speedAlerts": "speedalert_v1",
    f"{_BS}/dwap/v1/{_CAR}/history": "dwap",
    (
        f"/fs-car/destinationfeedservice/mydestinations/v1/{_CAR}/destinations"
    ): "zieleinspeisung_v1",
}
_CONFIGURATIONS: Final = (
    f"{_BS}/geofencing/v1/VW/{{country}}/geofencingConfiguration",
    f"{_BS}/speedalert/v1/VW/{{country}}/speedAlertConfiguration",
    f"{_BS}/rhf/v1/VW/{{country}}/configuration",
)

type Call = Callable[[web.Request], Any]


class CarReads:
    """Everything that a data host tells of one car."""

    def __init__(self, admission: Admission) -> None:
        """Serve a request that is admitted."""
        self._admission = admission

    def calls(self, host: str) -> dict[str, Call]:
        """Return what is got, by its path."""
        of_a_car: dict[str, Callable[..., Any]] = {
            f"{_BS}/vsr/v1/{_CAR}/status": self._vsr,
            f"{_BS}/batterycharge/v1/{_CAR}/charger": self._charger,
            f"{_BS}/climatisation/v1/{_CAR}/climater": self._climater,
            f"{_BS}/departuretimer/v1/{_CAR}/timer": self._timer,
            f"{_BS}/cf/v1/{_CAR}/position": self._position,
            f"{_BS}/rs/v1/{_CAR}/status": self._heater,
            f"{_BS}/tripstatistics/v1/{_CAR}/tripdata/{{kind}}": self._trips,
            **{path: partial(self._list, name) for path, name in _HISTORY.items()},
            (
                f"/fs-car/vehiclehealthreport/myreports/v1/{_CAR}"
                "/users/{user}/vehicleHealthReports/history"
            ): self._health,
        }
        return {
            **{path: partial(call, host) for path, call in of_a_car.items()},
            **{
                path: partial(self._configuration, number)
                for number, path in enumerate(_CONFIGURATIONS)
            },
        }

    async def _vsr(self, host: str, request: web.Request) -> web.Response:
        _, twin = self._admission.licensed(request, host, "statusreport_v1", app=True)
        return web.json_response({"StoredVehicleDataResponse": vsr(twin)})

    async def _charger(self, host: str, request: web.Request) -> web.Response:
        _, twin = self._admission.licensed(request, host, "rbatterycharge_v1")
        return web.json_response({"charger": reads.charger(twin)})

    async def _climater(self, host: str, request: web.Request) -> web.Response:
        _, twin = self._admission.licensed(request, host, "rclima_v1")
        return web.json_response({"climater": reads.climater(twin)})

    async def _timer(self, host: str, request: web.Request) -> web.Response:
        _, twin = self._admission.licensed(request, host, "timerprogramming_v1")
        return web.json_response({"timer": timers(twin.report)})

    async def _heater(self, host: str, request: web.Request) -> web.Response:
        _, twin = self._admission.licensed(request, host, "rheating_v1")
        return web.json_response({"statusResponse": reads.heater(twin)})

    async def _position(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.licensed(
            request, host, "carfinder_v1", app=True
        )
        younger = self._admission.register.settings.position_found
        if account.position is not None:
            younger = account.position == "found"
        found = reads.position(twin, younger)
        return web.Response(status=204) if found is None else web.json_response(found)

    async def _trips(self, host: str, request: web.Request) -> web.Response:
        _, twin = self._admission.licensed(request, host, "trip_statistic_v1")
        kind = request.match_info["kind"]
        if kind not in KINDS:
            raise Refused(refused(400))
        found = trips(twin, kind)
        if "newest" in request.query:
            return web.json_response({"tripData": found[-1] if found else None})
        if request.query.get("type") != "list":
            raise Refused(refused(400))
        return web.json_response({"tripDataList": {"tripData": found}})

    async def _list(
        self, service: str, host: str, request: web.Request
    ) -> web.Response:
        _, twin = self._admission.licensed(request, host, service)
        return web.json_response(reports.HISTORY[service](twin))

    async def _health(self, host: str, request: web.Request) -> web.Response:
        account, twin = self._admission.car(request, host)
        if request.match_info["user"] != account.mbb_id:
            raise Refused(refused(403))
        if _HEALTH_ACCEPT not in request.headers.get("Accept", ""):
            raise Refused(refused(406))
        if not self._admission.register.settings.health_report:
            raise Refused(refused(504))
        return web.Response(
            text=reports.health_xml(twin), content_type="application/xml"
        )

    async def _configuration(self, number: int, request: web.Request) -> web.Response:
        self._admission.account(request)
        return web.json_response(reports.CONFIGURATIONS[number])
