"""An account at MyRenault in a world."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, override

from carport.cloud.contract import Car
from carport.cloud.errors import SignInFailed
from carport.cloud.login import LoginAborted, Resend
from carport.cloud.sign_in import SignInOutcome
from carport.makers.my_renault.service import MyRenault
from simulator.accounts import ACCOUNTS
from simulator.my_renault.account import AccountState, CarState
from tests.login_dialog import ScriptedDialog
from tests.makers.account import ServiceAccount
from tests.world import World

MEGANE, ZOE = "VF1RCB00X00010322", "VF1AG000X00010222"
R5, AUSTRAL = "VF1RJE00X00010512", "VF1RHN00X00010412"
SPRING, ALPINE = "UU1DBG00X00010612", "VFAA5E00X00010712"
FIRST_ZOE, TWINGO = "VF1AGVYA000010812", "VF1BCB00X00010912"
CAPTUR, TOMORROW = "VF1RJB00X00011012", "VF1RZZ00X00011112"


@dataclass
class MyRenaultAccount(ServiceAccount[MyRenault]):
    """One person."""

    kind = MyRenault

    @property
    @override
    def region(self) -> str:
        return "world"

    def turn(self, **changes: Any) -> None:
        """Change settings of the person's account at the simulator."""
        self.world.control.account(self.spec.username, **changes)

    def kept(self, vin: str) -> CarState:
        """Return what the simulated cloud keeps of a car."""
        person = self.world.simulator.clouds["my_renault"].register.by_name(
            self.spec.username
        )
        assert isinstance(person, AccountState)
        return person.cars[vin]

    async def car_of(self, vin: str) -> Car:
        """Return one of the person's cars by its VIN."""
        cars = await self.run(self.service.cars())
        return next(car for car in cars if car.vin == vin)

    @property
    def codes(self) -> list[str]:
        """The codes that were sent to the person, newest first."""
        return [mail.code for mail in self.world.control.mail(self.spec.username)]

    def dialog(
        self,
        on_code: Callable[[str, SignInOutcome | None], str | Resend] | None = None,
        *,
        agrees: bool = True,
        **typed: str,
    ) -> ScriptedDialog:
        """Return an owner who types what is known, and answers by a script."""

        def again(_page: str, error: SignInOutcome | None) -> dict[str, str]:
            if error is not SignInOutcome.CODE_EXPIRED:
                raise LoginAborted
            return {**self.credentials, **typed}

        return ScriptedDialog(
            credentials={**self.credentials, **typed},
            clock=self.world.clock,
            on_ask=again,
            on_code=on_code or (lambda _sent_to, _error: self.codes[0]),
            on_confirm=lambda _question: agrees,
        )

    async def talk(self, dialog: ScriptedDialog) -> SignInOutcome | None:
        """Sign in by a conversation and return how it failed, if it did."""
        call: Coroutine[Any, Any, str] = self.service.login(dialog)
        try:
            await self.run(call)
        except SignInFailed as error:
            return error.outcome
        return None


def account_named(world: World, name: str) -> MyRenaultAccount:
    """Return one of the simulator's persons, who has not signed in."""
    spec = next(one for one in ACCOUNTS if one.username == f"{name}@example.com")
    return MyRenaultAccount(world=world, spec=spec)
