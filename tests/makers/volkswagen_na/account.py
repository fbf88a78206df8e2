"""One Car-Net account in a world."""

from typing import override

from custom_components.carport.makers.volkswagen_na.car_net import CarNet
from tests.makers.account import ServiceAccount


class CarNetAccount(ServiceAccount[CarNet]):
    """An account at the only country whose client is known, wherever it was opened."""

    kind = CarNet

    @property
    @override
    def region(self) -> str:
        return "us"
