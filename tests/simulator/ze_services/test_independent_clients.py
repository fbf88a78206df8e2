"""What independent clients of Z.E. Services send, and need to be answered."""

from .client import ZeClient


async def test_8_3_30_no_calendar_says_that_it_is_off(signed_in: ZeClient) -> None:
    """Clients read `enabled` without looking first."""
    said = await signed_in.car("GET", "/charge/scheduler/onboard")
    assert said.status == 200
    assert said.body == {"enabled": False}
    control = signed_in.world.control
    control.account(signed_in.username, no_calendar="nothing")
    assert (await signed_in.car("GET", "/charge/scheduler/onboard")).status == 204
