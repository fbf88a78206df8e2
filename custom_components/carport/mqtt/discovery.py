"""Home Assistant's MQTT discovery: one device a car, with the integration's entities.

Their states and commands are topics of the own layout. What the owner does not allow
is not announced, and taken back if it was.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, override

from ..car.signals import SCHEDULE
from ..cloud.product import PRODUCT
from ..engine import Topic
from .accounts import BridgeAccount, digest_of_account
from .announced import digest_of
from .discovery_components import CarComponents
from .discovery_parts import Component, account_component, rows_of
from .entity_rows import EntityRow, entity_rows
from .layout import BridgeCar, Core, Layout, Message
from .own import OFFLINE, ONLINE, OwnLayout
from .values import dumps

_SUPPORT: Final = "https://github.com/carport-ha/carport"


class DiscoveryLayout(Layout):
    """`homeassistant/device/…/config`, and Home Assistant's own word that it is back."""

    def __init__(self, core: Core, own: OwnLayout, names: Mapping[str, str]) -> None:
        """Announce topics of the own layout, by names of `platform.key`."""
        super().__init__(core)
        self._own = own
        self._names = names
        self._components = CarComponents(own)
        self._counting: dict[str, bool] = {}
        """The accounts that are announced, and whether their calls are counted."""
        own.on_news = self._news

    @property
    @override
    def subscriptions(self) -> tuple[str, ...]:
        return (f"{self.core.settings.discovery_prefix}/status",)

    @override
    def watch(self, car: BridgeCar) -> Iterable[Callable[[], None]]:
        # Which timers there are is in the schedule.
        topics = (Topic.SIGNALS, Topic.COMMANDS, SCHEDULE.key)
        announce = partial(self.publish_car, car)
        yield self.core.garage.subscribe(car.car.vin, topics, announce)

    @override
    def publish_all(self) -> None:
        super().publish_all()
        for account in self._own.accounts.known.values():
            self._publish_account(account)

    def _news(self, about: BridgeCar | BridgeAccount) -> None:
        if isinstance(about, BridgeAccount):
            # The ledger tells of every call.
            if self._counting.get(about.name) is not about.counts:
                self._publish_account(about)
        else:
            self.publish_car(about)

    def _publish_account(self, account: BridgeAccount) -> None:
        self._counting[account.name] = account.counts
        self.core.outbox.put(
            self._config_topic(account.digest),
            lambda: dumps(self.config_of_account(account)),
            retain=True,
            qos=1,
        )

    def _config_topic(self, digest: str) -> str:
        return f"{self.core.settings.discovery_prefix}/device/carport_{digest}/config"

    @override
    def places(self, about: BridgeCar | str) -> Iterable[str]:
        if isinstance(about, str):
            return (self._config_topic(digest_of_account(about)),)
        return (self._config_topic(_digest(about)),)

    @override
    def forget_account(self, account: str) -> None:
        self._counting.pop(account, None)

    @override
    def publish_car(self, car: BridgeCar) -> None:
        self.core.outbox.put(
            self._config_topic(_digest(car)),
            lambda: dumps(self.config_of(car)),
            retain=True,
            qos=1,
        )

    @override
    def take(self, message: Message) -> bool:
        if message.topic not in self.subscriptions:
            return False
        if message.text == ONLINE and not message.retain:
            # What is never retained is not there for a Home Assistant that comes back.
            self._own.publish_private()
        return True

    def config_of(self, car: BridgeCar) -> dict[str, Any]:
        """Return what Home Assistant is told of a car."""
        described = car.car.description
        device = {
            "identifiers": [f"carport_{_digest(car)}"],
            "manufacturer": described.manufacturer,
            "model": described.model,
            "model_id": described.model_year,
            "name": described.nickname
            or " ".join(
                part
                for part in (
                    described.model_year,
                    described.model or described.manufacturer,
                )
                if part
            ),
            "sw_version": described.software,
        }
        return {
            **self._envelope(device),
            "components": {
                f"{row.platform}_{row.key}": self._component(car, row)
                for row in rows_of(car.car, entity_rows())
            },
        }

    def _envelope(self, device: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is said of every device."""
        name, _, version = PRODUCT.partition("/")
        return {
            "device": {key: value for key, value in device.items() if value},
            "origin": {
                "name": name,
                **({"sw_version": version} if version else {}),
                "support_url": _SUPPORT,
            },
            "availability": [
                {
                    "topic": self._own.bridge_state,
                    "payload_available": ONLINE,
                    "payload_not_available": OFFLINE,
                }
            ],
        }

    def config_of_account(self, account: BridgeAccount) -> dict[str, Any]:
        """Return what Home Assistant is told of an account."""
        info = account.service.info
        topic = self._own.account_path(account.name)
        components: dict[str, Component] = {}
        for row in entity_rows():
            if row.of == "account":
                made = account_component(topic, row, counts=account.counts)
                components[f"{row.platform}_{row.key}"] = self._announced(
                    account.digest, row, made
                )
        device = {
            "identifiers": [f"carport_{account.digest}"],
            "manufacturer": info.manufacturer,
            "model": info.name,
            "name": account.name,
        }
        return {**self._envelope(device), "components": components}

    def _component(self, car: BridgeCar, row: EntityRow) -> Component:
        """Return one entity; what is not there is named with its platform alone.

        That is how Home Assistant removes it, if it has it from before.
        """
        return self._announced(_digest(car), row, self._components.component(car, row))

    def _announced(
        self, digest: str, row: EntityRow, made: Component | None
    ) -> Component:
        if made is None:
            return {"platform": row.platform}
        name = None
        if row.name is not None:
            name = self._names.get(f"{row.platform}.{row.name}", row.key)
            name = name.replace("{number}", str(row.number))
        return {
            "platform": row.platform,
            "unique_id": f"carport_{digest}_{row.key}",
            "name": name,
            **row.options,
            **made,
        }


def _digest(car: BridgeCar) -> str:
    return digest_of(car.car.vin)
