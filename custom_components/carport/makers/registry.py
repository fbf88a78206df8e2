"""The only list of services; a new maker adds one line."""

from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, cast, override

from ..cloud.contract import Service

_TABLE: Final = {
    "my_renault": "my_renault.service:MyRenault",
    "eu_data_act": "eu_data_act.service:EuDataAct",
    "skoda": "skoda.service:Skoda",
    "car_data": "car_data.service:CarData",
    "car_data_broker": "car_data.own_broker:OwnBroker",
    "car_net": "car_net.service:CarNet",
    "we_connect": "we_connect.service:WeConnect",
    "ze_services": "ze_services.service:ZeServices",
    "i_remote": "i_remote.service:IRemote",
    "demo": "demo.service:DemoGarage",
}


class _Services(UserDict[str, type[Service]]):
    """Services by key; a maker is imported when its service is asked for.

    Who has one account needs one maker, and together they take a while to import.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        """Know where each service is."""
        super().__init__()
        self.data.update(cast(Mapping[str, Any], table))

    @override
    def __getitem__(self, key: str) -> type[Service]:
        kind: type[Service] | str = self.data[key]
        if isinstance(kind, str):
            module, _, name = kind.partition(":")
            maker = import_module(f".{module}", __package__)
            kind = self.data[key] = cast(type[Service], getattr(maker, name))
        return kind

    def is_imported(self, key: str) -> bool:
        """Return whether asking for a service takes no time."""
        return not isinstance(self.data[key], str)


SERVICES: Final = _Services(_TABLE)
