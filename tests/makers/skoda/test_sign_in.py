"""A key in place of a sign-in: tried, refused, ended, exchanged."""

from typing import Any

import pytest

from carport.cloud.contract import Car
from carport.cloud.errors import (
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    Outage,
    SignInFailed,
)
from carport.cloud.sign_in import SignInOutcome

from .account import SkodaAccount


async def test_a_key_is_tried_on_every_car(account: SkodaAccount) -> None:
    """One call for each; names and drives are known from then on, over restarts."""
    assert await account.sign_in() is None
    assert account.calls == 3
    account.rebuild()
    cars = await account.run(account.service.cars())
    assert [(car.vin, car.nickname, car.drive) for car in cars] == [
        (account.spec.vins[0], "Eda", "electric"),
        (account.spec.vins[1], "Superb iV", "hybrid"),
        (account.spec.vins[2], "Octavia", "combustion"),
    ]
    assert account.calls == 3
    assert {car.manufacturer for car in cars} == {"Škoda"}


@pytest.mark.parametrize(
    "typed", ["TMBJC7NY5SF11234", "TMBJC7NY5SF1123O5", "", "my Enyaq"]
)
async def test_a_vin_that_is_none(account: SkodaAccount, typed: str) -> None:
    """It is found out without a call."""
    vins = {"vins": typed or "???"}
    assert await account.sign_in(**vins) is SignInOutcome.VIN_INVALID
    assert account.calls == 0


async def test_how_vins_are_typed(account: SkodaAccount) -> None:
    """In small letters, twice, and with commas."""
    first, second, _ = account.spec.vins
    typed = f" {first.lower()}, {second};\n{first} "
    assert await account.sign_in(vins=typed) is None
    assert len(await account.run(account.service.cars())) == 2


async def test_keys_that_are_not_good(account: SkodaAccount) -> None:
    """Unknown, ended, not for this car; each with its own word, and one call."""
    assert await account.sign_in(api_key="sk-other") is SignInOutcome.KEY_REFUSED
    assert account.calls == 1
    account.turn(key_expires_in=-1)
    assert await account.sign_in() is SignInOutcome.KEY_ENDED
    account.turn(key_expires_in=3600, leave_out=account.spec.vins[2])
    assert await account.sign_in() is SignInOutcome.NOT_THIS_CAR


@pytest.mark.parametrize(
    "kind",
    ["urn:problem-type:API-KEY-EXPIRED", "api-key-expired", "/p#api-key-expired"],
)
async def test_a_problem_is_known_however_it_is_addressed(
    account: SkodaAccount, kind: str
) -> None:
    """The kind of a problem may be a link, a name of the web's, or a word alone."""
    account.turn(key_expires_in=-1)
    account.world.control.fault("change", path="/api/*", set={"type": kind})
    assert await account.sign_in() is SignInOutcome.KEY_ENDED


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({"key_check_down": True}, SignInOutcome.MAKER_OUTAGE),
        ({"limit": 0}, SignInOutcome.QUOTA),
    ],
)
async def test_bad_days(
    account: SkodaAccount, settings: dict[str, Any], outcome: SignInOutcome
) -> None:
    """The key is not to blame, and may be tried again."""
    account.turn_cloud(**settings)
    assert await account.sign_in() is outcome
    account.turn_cloud(key_check_down=False, limit=20)
    assert await account.sign_in() is None


async def test_a_key_that_ends_is_not_sent_again(
    signed_in: SkodaAccount, enyaq: Car
) -> None:
    """Not after a restart either: only another key helps."""
    signed_in.turn(key_expires_in=60)
    await signed_in.world.advance(60)
    with pytest.raises(SignInFailed) as refused:
        await signed_in.read(enyaq)
    assert refused.value.outcome is SignInOutcome.KEY_ENDED
    assert signed_in.calls == 1
    for _ in range(2):
        with pytest.raises(LoginExpired):
            await signed_in.read(enyaq)
        signed_in.rebuild()
    assert signed_in.calls == 1


async def test_another_key_changes_nothing_else(signed_in: SkodaAccount) -> None:
    """The same account, the same cars; the VINs need not be typed again."""
    first = await signed_in.run(signed_in.service.sign_in(signed_in.credentials))
    cars = await signed_in.run(signed_in.service.cars())
    signed_in.turn(new_key="sk-next", revoke_key=signed_in.spec.more["api_key"])
    signed_in.rebuild()
    again = await signed_in.run(signed_in.service.sign_in({"api_key": "sk-next"}))
    assert again == first
    assert await signed_in.run(signed_in.service.cars()) == cars
    assert (await signed_in.read(cars[0])).readings


async def test_two_accounts_have_two_names(account: SkodaAccount) -> None:
    """They are random, and say nothing of key or cars."""
    names = set()
    for _ in range(2):
        account.stored = None
        account.rebuild()
        names.add(await account.run(account.service.sign_in(account.credentials)))
    assert len(names) == 2
    for name in names:
        assert not any(vin in name.upper() for vin in account.spec.vins)


async def test_a_refused_key_is_put_right_by_the_same_key(
    account: SkodaAccount,
) -> None:
    """A key that was mistyped, then copied again, is taken."""
    assert await account.sign_in(api_key="sk-other") is SignInOutcome.KEY_REFUSED
    assert await account.sign_in() is None


async def test_only_an_accepted_key_is_kept(
    signed_in: SkodaAccount, enyaq: Car
) -> None:
    """One that is refused leaves the good one where it was, over restarts too."""
    before = signed_in.stored
    assert await signed_in.sign_in(api_key="sk-other") is SignInOutcome.KEY_REFUSED
    assert signed_in.stored == before
    assert (await signed_in.read(enyaq)).readings
    signed_in.turn_cloud(key_check_down=True)
    assert await signed_in.sign_in(api_key="sk-more") is SignInOutcome.MAKER_OUTAGE
    signed_in.turn_cloud(key_check_down=False)
    signed_in.rebuild()
    assert (await signed_in.read(enyaq)).readings


async def test_the_kept_key_refused_at_a_sign_in_is_not_sent_again(
    signed_in: SkodaAccount, enyaq: Car
) -> None:
    """It is the one that reads would send."""
    signed_in.turn(key_expires_in=-1)
    assert await signed_in.sign_in() is SignInOutcome.KEY_ENDED
    calls = signed_in.calls
    with pytest.raises(LoginExpired):
        await signed_in.read(enyaq)
    assert signed_in.calls == calls


@pytest.mark.parametrize(
    ("setting", "error"),
    [("leave_out", NotPermitted), ("sell", NotSupported)],
)
async def test_a_car_that_the_key_is_no_longer_for(
    signed_in: SkodaAccount, enyaq: Car, setting: str, error: type[CloudError]
) -> None:
    """It is refused alone; the others go on."""
    signed_in.turn(**{setting: enyaq.vin})
    with pytest.raises(error):
        await signed_in.read(enyaq)
    other = await signed_in.car(1)
    assert (await signed_in.read(other)).readings


async def test_keys_that_cannot_be_checked(signed_in: SkodaAccount, enyaq: Car) -> None:
    """That is an outage: nothing is wrong with the key."""
    signed_in.turn_cloud(key_check_down=True)
    with pytest.raises(Outage):
        await signed_in.read(enyaq)
    signed_in.turn_cloud(key_check_down=False)
    assert (await signed_in.read(enyaq)).readings


async def test_nothing_secret_is_kept_in_an_error(
    signed_in: SkodaAccount, enyaq: Car
) -> None:
    """Neither the key nor the VIN is in what is logged of it."""
    signed_in.turn(leave_out=enyaq.vin)
    with pytest.raises(NotPermitted) as refused:
        await signed_in.read(enyaq)
    said = f"{refused.value!r} {refused.value}"
    assert enyaq.vin not in said
    assert signed_in.spec.more["api_key"] not in said
