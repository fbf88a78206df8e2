"""The only list of services; a new maker adds one line."""

from collections.abc import Mapping
from typing import Final

from ..service.contract import Service
from .bmw.i_remote import IRemote
from .demo.garage import DemoGarage
from .renault.ze_services import ZeServices
from .volkswagen_eu.we_connect import WeConnect
from .volkswagen_na.car_net import CarNet

SERVICES: Final[Mapping[str, type[Service]]] = {
    kind.info.key: kind for kind in (CarNet, WeConnect, ZeServices, IRemote, DemoGarage)
}
