"""Every service has a profile and keeps every contract; none is left out unnoticed."""

from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from carport.makers.registry import SERVICES
from simulator.app import CLOUDS
from tests.makers.profile import Entry, IncompleteProfilesError, Profile, collect
from tests.makers.profiles import PROFILES
from tests.service_contract import ServiceContract
from tests.token_contract import KeyContract, TokenContract

HERE: Final = Path(__file__).parent
DAMAGES: Final = {cloud.key: cloud.damages for cloud in CLOUDS}
KEPT: Final = {Entry.TOKENS: TokenContract, Entry.KEY: KeyContract}

each_profile = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def test_each_service_has_a_profile() -> None:
    """The registry says which services there are."""
    assert PROFILES.keys() == SERVICES.keys()
    assert all(profile.service == key for key, profile in PROFILES.items())


def test_a_service_without_a_profile_is_a_failure() -> None:
    """Its name is said; it is not tested as another one."""
    with pytest.raises(IncompleteProfilesError, match="left_out"):
        collect([*SERVICES, "left_out"])


def test_a_profile_of_no_service_is_a_failure() -> None:
    """What was renamed in one place only is found."""
    with pytest.raises(IncompleteProfilesError, match="skoda"):
        collect(key for key in SERVICES if key != "skoda")


@each_profile
def test_what_only_reads_says_so(profile: Profile) -> None:
    """Owners are told that, and not that the car lacks something."""
    info = SERVICES[profile.service].info
    assert info.reads_only is (profile.command is None)


@each_profile
def test_accounts_are_of_the_service(profile: Profile) -> None:
    """Tester and driver are two accounts wherever there is a cloud."""
    for account in (profile.tester, profile.driver):
        assert account.service == profile.service
        assert account.vins
    assert profile.requests is None or profile.tester != profile.driver


@each_profile
def test_damages_are_those_of_the_cloud(profile: Profile) -> None:
    """All of them, and the three that every cloud has: null, types, words."""
    damages = DAMAGES.get(profile.service, {})
    assert set(profile.damages) == set(damages)
    assert profile.harmless <= set(damages)
    if profile.requests is not None:
        for kind in ("nulls", "wrong_types", "unknown_words"):
            assert any(name.endswith(kind) for name in damages), kind


@each_profile
def test_the_contracts_are_kept(profile: Profile) -> None:
    """The tests of the maker derive from each contract that is for such a service."""
    if profile.tested_by is not None:
        assert SERVICES[profile.service].info.streams
        names = [name.rpartition(".")[2] for name in _tests_of(profile.service)]
        assert profile.tested_by in names
        return
    derived = set(chain.from_iterable(map(_contracts_in, _tests_of(profile.service))))
    assert any(
        issubclass(one, ServiceContract) and one.key == profile.service
        for one in derived
    )
    if (contract := KEPT.get(profile.lets_in)) is not None:
        assert any(issubclass(one, contract) for one in derived)


def _tests_of(service: str) -> list[str]:
    folder = SERVICES[service].__module__.split(".")[-2]
    return [
        f"tests.makers.{folder}.{path.stem}"
        for path in sorted((HERE / folder).glob("test_*.py"))
    ]


def _contracts_in(module: str) -> list[type]:
    found = vars(import_module(module)).values()
    return [one for one in found if isinstance(one, type) and one.__module__ == module]
