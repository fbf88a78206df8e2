"""One account at the portal, in a world."""

from carport.cloud.errors import SignInFailed
from carport.cloud.sign_in import SignInOutcome
from carport.makers.eu_data_act.service import EuDataAct
from tests.login_dialog import ScriptedDialog
from tests.makers.account import ServiceAccount


class DataActAccount(ServiceAccount[EuDataAct]):
    """An account that can also be set up by talking."""

    kind = EuDataAct

    def dialog(self, **answers: object) -> ScriptedDialog:
        """Return an owner who knows the password, and what else is given."""
        return ScriptedDialog(
            credentials=self.credentials,
            clock=self.world.clock,
            **answers,  # type: ignore[arg-type]
        )

    async def log_in(self, talk: ScriptedDialog) -> SignInOutcome | None:
        """Set the account up; return how that failed, if it did."""
        try:
            await self.run(self.service.login(talk))
        except SignInFailed as error:
            return error.outcome
        return None
