"""One i Remote account in a world."""

from typing import override

from carport.car.commands import Command
from carport.cloud.contract import Car, Confirmation, Progress, Ticket
from carport.makers.i_remote.service import IRemote
from tests.makers.account import ServiceAccount

TESTER = "i3.tester@example.com"
AMERICAN = "i3.american@example.com"


class IRemoteAccount(ServiceAccount[IRemote]):
    """An account whose PIN is the answer to its security question."""

    kind = IRemote

    @override
    async def send(self, car: Car, command: Command, pin: str | None = None) -> Ticket:
        """Send a command, with the answer if one is given."""
        return await self.run(self.service.execute(car, command, pin))

    async def follow(
        self, car: Car, ticket: Ticket, limit: float = 200
    ) -> Confirmation:
        """Look at a command until it is at an end."""
        for _ in range(round(limit / 5)):
            look = await self.run(self.service.confirm(car, ticket))
            if look.progress is not Progress.PENDING:
                return look
            await self.world.advance(5)
        raise TimeoutError
