"""One Car-Net account in a world."""

from typing import override

from carport.makers.car_net.service import CarNet
from tests.makers.account import ServiceAccount


class CarNetAccount(ServiceAccount[CarNet]):
    """An account at the only country whose client is known, wherever it was opened."""

    kind = CarNet

    @property
    @override
    def region(self) -> str:
        return "us"
