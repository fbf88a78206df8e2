"""What bad days look like to the owner at three more makers' clouds, over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..conftest import async_poll
from ..world import World
from .clouds import AMERICAN, TESTERS, Owner, async_own

HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Where a service is called, and the command that its bad days are shown by."""

    reads: str
    orders: str
    passwords: str
    command: tuple[str, str, str]
    """Domain, action and key."""
    data: Mapping[str, Any] = field(default_factory=dict)
    other: tuple[str, str, str | None]
    shown: tuple[str, str]
    """The platform and key that show it."""
    rest: str
    """What is shown before."""
    under_way: str
    done: str
    refused: str = "car_disagrees"
    """How the receipt calls it when the car does the opposite, or nothing at all."""


_DOORS: Final[dict[str, Any]] = {
    "command": ("lock", "unlock", "doors"),
    "other": ("lock", "lock", "doors"),
    "shown": ("lock", "doors"),
    "rest": "locked",
    "under_way": "unlocking",
    "done": "unlocked",
}
CLOUDS: Final[Mapping[str, Cloud]] = {
    "i_remote": Cloud(
        reads="*/vehicles/*/status",
        orders="*/executeService",
        passwords="*/oauth/token*",
        **_DOORS,
    ),
    "we_connect": Cloud(
        reads="/fs-car/bs/*",
        orders="*/rlu/v1/*/actions",
        passwords="*/login/authenticate",
        **_DOORS,
    ),
    # It has no doors.
    "ze_services": Cloud(
        reads="/api/vehicle/*",
        orders="/api/vehicle/*/air-conditioning",
        passwords="/api/user/login",
        command=("climate", "set_hvac_mode", "climate"),
        data={"hvac_mode": "heat_cool"},
        other=(DOMAIN, "start_charging", None),
        shown=("climate", "climate"),
        rest="off",
        under_way="heat_cool",
        done="heat_cool",
    ),
}
each_service = pytest.mark.parametrize("service", CLOUDS)


async def press(owner: Owner) -> None:
    """Press what stands for all commands of the service."""
    cloud = CLOUDS[owner.account.service]
    domain, action, key = cloud.command
    await owner.call(domain, action, key, **cloud.data)


def shown(owner: Owner) -> str:
    """Return what Home Assistant shows of it."""
    return owner.state(*CLOUDS[owner.account.service].shown).state


def channel(owner: Owner) -> str:
    """Return the state of the channel."""
    return owner.state("sensor", "channel").state


def event(owner: Owner) -> Mapping[str, Any]:
    """Return the last receipt as it is shown."""
    return owner.state("event", "last_command").attributes


def asked_for(hass: HomeAssistant) -> list[str]:
    """Return why pages of Carport are open."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [str(flow["context"]["source"]) for flow in flows]


# Signing in


@pytest.mark.parametrize(
    ("service", "mode", "error"),
    [
        ("i_remote", "locked", "account_locked"),
        ("i_remote", "throttled", "account_throttled"),
        ("i_remote", "outage", "maker_outage"),
        ("i_remote", "text", "page_not_understood"),
        ("i_remote", "mobile_disabled", "consent_missing"),
        ("ze_services", "locked", "account_locked"),
        ("ze_services", "throttled", "account_throttled"),
        ("ze_services", "refused", "client_refused"),
        ("ze_services", "outage", "maker_outage"),
        ("we_connect", "unknown", "unknown_account"),
        ("we_connect", "locked", "account_locked"),
        ("we_connect", "throttled", "account_throttled"),
        ("we_connect", "terms", "new_terms"),
        ("we_connect", "consent", "consent_missing"),
        ("we_connect", "outage", "maker_outage"),
        ("we_connect", "page_changed", "page_not_understood"),
    ],
)
async def test_each_end_of_a_sign_in_has_its_message(
    hass: HomeAssistant, hass_world: World, service: str, mode: str, error: str
) -> None:
    """The same form goes on after it, and the right password still works."""
    owner = Owner(hass, hass_world, TESTERS[service])
    owner.control.account(owner.account.username, sign_in=mode)
    form = await owner.begin()
    result = await hass_world.result(owner.submit(form))
    assert result["errors"] == {"base": error}
    owner.control.account(owner.account.username, sign_in="ok")
    owner.accept(await owner.submit(result))
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("service", "knob"),
    [
        ("i_remote", "client_disabled"),
        ("we_connect", "mbb_closed"),
    ],
)
async def test_a_closed_service_does_not_blame_the_password(
    hass: HomeAssistant, hass_world: World, service: str, knob: str
) -> None:
    """It is the maker who refuses, whatever was typed."""
    owner = Owner(hass, hass_world, TESTERS[service])
    owner.control.service(service, **{knob: True})
    result = await hass_world.result(owner.submit(await owner.begin()))
    assert result["errors"] == {"base": "client_refused"}


async def test_a_country_that_has_moved_on(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The owner reads that the maker refuses, and not that something was mistyped."""
    owner = Owner(hass, hass_world, TESTERS["ze_services"])
    owner.control.account(owner.account.username, migrated=True)
    result = await hass_world.result(owner.submit(await owner.begin()))
    assert result["errors"] == {"base": "client_refused"}


@each_service
async def test_a_wrong_password_is_sent_once(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Not again from this form, and not from another one."""
    owner = Owner(hass, hass_world, TESTERS[service])
    form = await owner.begin()
    for page in (form, form, await owner.begin()):
        result = await owner.submit(page, password="not-the-password")
        assert result["errors"] == {"base": "wrong_password"}
    posts = owner.control.calls(CLOUDS[service].passwords, method="POST")
    assert len(posts) == 1
    owner.accept(await owner.submit(form))
    await hass.async_block_till_done()


# Reading


@each_service
async def test_a_pause_is_shown_and_waited_out(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """429 while polling: throttled, with its end; values stay; then all is well."""
    owner, reads = await async_own(hass, hass_world, service), CLOUDS[service].reads
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    owner.control.fault("status", path=reads, status=429, retry_after=2 * 3600)
    await async_poll(hass, hass_world, 5 * HOUR)
    shown = owner.state("sensor", "channel")
    assert shown.state == "throttled"
    until = hass_world.clock.now() + timedelta(hours=2)
    end = datetime.fromisoformat(shown.attributes["until"])
    assert abs((end - until).total_seconds()) < 60
    assert owner.values() == before
    owner.control.clear_faults()
    owner.control.forget_calls()
    await async_poll(hass, hass_world, HOUR)
    assert owner.control.calls(reads) == []
    await async_poll(hass, hass_world, 5 * HOUR)
    assert owner.control.calls(reads) != []
    assert channel(owner) == "ok"


async def test_a_quota_of_the_day(hass: HomeAssistant, hass_world: World) -> None:
    """The cloud counts too: what it refuses is no outage, and values stay."""
    owner = await async_own(hass, hass_world, "we_connect")
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    owner.control.service("we_connect", calls_a_day=1)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert channel(owner) == "throttled"
    assert owner.values() == before
    assert asked_for(hass) == []


@pytest.mark.parametrize(
    ("service", "what"),
    [
        ("i_remote", "access"),
        ("ze_services", "access"),
        ("we_connect", "mbb"),
        ("we_connect", "mbb_all"),
    ],
)
async def test_a_dead_token_is_renewed_silently(
    hass: HomeAssistant, hass_world: World, service: str, what: str
) -> None:
    """The owner never hears of it."""
    owner = await async_own(hass, hass_world, service)
    owner.control.account(owner.account.username, revoke=what)
    owner.control.forget_calls()
    await async_poll(hass, hass_world, 5 * HOUR)
    statuses = {call.status for call in owner.control.calls(CLOUDS[service].reads)}
    assert 200 in statuses
    assert channel(owner) == "ok"
    assert asked_for(hass) == []


DEAD: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    # Its password is all that it has to renew a token by.
    "i_remote": ({"password": "Another-2019"}, {"revoke": "access"}),
    "ze_services": ({"revoke": "all"},),
    "we_connect": ({"revoke": "all"},),
}


@each_service
async def test_tokens_that_are_dead_for_good(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The owner is asked to sign in; values stay with their age; nothing is sent."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    captured = owner.state("sensor", "captured_at").state
    for change in DEAD[service]:
        owner.control.account(owner.account.username, **change)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert asked_for(hass) == [SOURCE_REAUTH]
    assert owner.values() == before
    assert channel(owner) == "needs_owner"
    assert owner.state("sensor", "captured_at").state == captured
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_needs_owner"
    posts = owner.control.calls(CLOUDS[service].passwords, method="POST")
    assert len(posts) <= 2


@each_service
@pytest.mark.parametrize("kind", ["html", "empty", "truncated", "drop", "status"])
async def test_an_outage_keeps_everything(
    hass: HomeAssistant, hass_world: World, service: str, kind: str
) -> None:
    """No sense or no answer: degraded, old values stay, and it mends itself."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    owner.control.fault(kind)
    await async_poll(hass, hass_world, 5 * HOUR)
    assert channel(owner) == "degraded"
    assert owner.values() == before
    assert asked_for(hass) == []
    owner.control.clear_faults()
    await async_poll(hass, hass_world, HOUR)
    assert channel(owner) == "ok"


@pytest.mark.parametrize(
    ("service", "damage"),
    [
        *(
            ("i_remote", damage)
            for damage in ("unknown_words", "half_payload", "nulls", "wrong_types")
        ),
        *(
            ("ze_services", damage)
            for damage in ("ze_nulls", "ze_unknown_words", "ze_wrong_types")
        ),
        *(
            ("we_connect", damage)
            for damage in (
                "nulls",
                "unknown_words",
                "invalid",
                "wrong_types",
                "no_car_time",
                "half_payload",
            )
        ),
    ],
)
async def test_odd_payloads_change_nothing_for_the_worse(
    hass: HomeAssistant,
    hass_world: World,
    caplog: pytest.LogCaptureFixture,
    service: str,
    damage: str,
) -> None:
    """No exception, no false value, and nothing disappears."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 12 * HOUR)
    before = owner.values()
    owner.control.fault("damage", path=CLOUDS[service].reads, damage=damage)
    await async_poll(hass, hass_world, 30 * HOUR)
    assert owner.values() == before
    assert not [one for one in caplog.records if one.exc_info]
    owner.control.clear_faults()
    await async_poll(hass, hass_world, 5 * HOUR)
    assert channel(owner) == "ok"
    assert owner.values() == before


@each_service
async def test_a_restart_asks_nothing_while_data_is_young(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Values are back at once with their capture times."""
    owner = await async_own(hass, hass_world, service)
    await async_poll(hass, hass_world, 5 * HOUR)
    before = owner.values()
    captured = owner.state("sensor", "captured_at").state
    assert await hass.config_entries.async_unload(owner.entry.entry_id)
    owner.control.forget_calls()
    await hass_world.advance(120)
    assert await hass.config_entries.async_setup(owner.entry.entry_id)
    await hass.async_block_till_done()
    assert owner.control.calls() == []
    assert owner.values() == before
    assert owner.state("sensor", "captured_at").state == captured


# The list of cars of Z.E. Services comes with a sign-in, and with nothing else.
@pytest.mark.parametrize("service", ["i_remote", "we_connect"])
async def test_an_empty_list_sells_no_car(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Listed empty for a while: nothing is removed; gone for days: the device goes."""
    owner = await async_own(hass, hass_world, service)
    username, sold = owner.account.username, owner.account.vins[-1]
    before = owner.values()
    owner.control.account(username, empty=True)
    await async_poll(hass, hass_world, 13 * HOUR)
    assert owner.values().keys() == before.keys()
    owner.control.account(username, empty=False)
    owner.control.account(username, sell=sold)
    for _ in range(8):
        await async_poll(hass, hass_world, 13 * HOUR)
    assert owner.vin in owner.devices()
    assert sold not in owner.devices()
    assert sold not in owner.entry.runtime_data.garage.cars


# Commands


@each_service
async def test_a_deaf_car_times_out_and_shows_what_is(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """Accepted and never done: what was asked is shown for a while, then the truth."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    await async_poll(hass, hass_world, 5 * HOUR)
    owner.control.twin(owner.vin, deaf=True)
    pressed = hass.async_create_task(press(owner))
    await hass_world.advance(10)
    assert shown(owner) == cloud.under_way
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(pressed)
    assert refusal.value.translation_key == "command_timed_out"
    assert shown(owner) == cloud.rest
    assert event(owner)["event_type"] == "timed_out"
    assert len(owner.control.calls(cloud.orders, method="POST")) == 1


@each_service
async def test_a_contrary_car_has_the_last_word(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The command failed, and the car's word is shown."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    owner.control.twin(owner.vin, contrary=True)
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == f"command_{cloud.refused}"
    assert shown(owner) == cloud.rest
    assert event(owner)["event_type"] == "failed"


@each_service
async def test_pressed_twice_is_sent_once(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """The second press joins; another command is refused and hears what runs."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    first = hass.async_create_task(press(owner))
    second = hass.async_create_task(press(owner))
    await hass_world.settle()
    with pytest.raises(ServiceValidationError) as refusal:
        await owner.call(*cloud.other)
    assert refusal.value.translation_key == "command_busy"
    await hass_world.result(first)
    await hass_world.result(second)
    assert len(owner.control.calls(cloud.orders, method="POST")) == 1
    assert shown(owner) == cloud.done


@each_service
async def test_too_many_commands_say_when_to_try_again(
    hass: HomeAssistant, hass_world: World, service: str
) -> None:
    """429 at a command: refused as throttled, and not sent again within the pause."""
    owner, cloud = await async_own(hass, hass_world, service), CLOUDS[service]
    owner.control.fault("status", path=cloud.orders, status=429, count=1)
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as refusal:
            await hass_world.result(press(owner))
        assert refusal.value.translation_key == "command_throttled"
    assert len(owner.control.calls(cloud.orders, method="POST")) == 1
    assert event(owner)["reason"] == "throttled"


@pytest.mark.parametrize(
    ("username", "wrong", "tries"),
    [
        (TESTERS["we_connect"], "9999", "*/security-pin-auth-completed"),
        (AMERICAN, "Citizen", "*/executeService"),
    ],
)
async def test_a_wrong_pin_is_sent_once(
    hass: HomeAssistant, hass_world: World, username: str, wrong: str, tries: str
) -> None:
    """Refused: blocked until it is another one; reading goes on meanwhile."""
    owner = Owner(hass, hass_world, username)
    await owner.set_up()
    cloud = CLOUDS[owner.account.service]
    await owner.reload(pin=wrong)
    owner.control.forget_calls()
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(press(owner))
    assert refusal.value.translation_key == "command_pin_blocked"
    sent = len(owner.control.calls(tries))
    for reload in (False, True):
        if reload:
            await owner.reload()
        with pytest.raises(HomeAssistantError) as refusal:
            await hass_world.result(press(owner))
        assert refusal.value.translation_key == "command_pin_blocked"
    assert len(owner.control.calls(tries)) == sent
    assert shown(owner) == cloud.rest
    owner.control.forget_calls()
    await async_poll(hass, hass_world, 5 * HOUR)
    assert owner.control.calls(cloud.reads) != []
    assert channel(owner) == "ok"
    await owner.reload(pin=owner.account.pin)
    await hass_world.result(press(owner))
    assert shown(owner) == cloud.done
