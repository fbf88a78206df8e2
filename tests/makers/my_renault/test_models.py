"""The table of models against that of the independent client, cell by cell."""

import pytest
from renault_api.kamereon.models import _VEHICLE_ENDPOINTS, EndpointDefinition

from carport.makers.my_renault.models import (
    ACTIONS,
    MODELS,
    READS,
    EndpointMode,
    endpoint_mode,
)

MODES = {
    "default": EndpointMode.USUAL,
    "kcm-settings": EndpointMode.SETTINGS,
    "kcm": EndpointMode.NEWER,
    "kcm-pause-resume": EndpointMode.PAUSE,
    "kca-stop": EndpointMode.STOP_WORD,
}


def test_no_model_is_missing() -> None:
    """Nor is there one that nobody else knows."""
    assert MODELS.keys() == _VEHICLE_ENDPOINTS.keys()


@pytest.mark.parametrize("model", MODELS)
def test_every_cell_agrees(model: str) -> None:
    """Confirmed, refused, untried, and by which way."""
    theirs: dict[str, EndpointDefinition | None] = _VEHICLE_ENDPOINTS[model]
    names = {name: name for name in READS} | {
        name: f"actions/{name}" for name in ACTIONS
    }
    for ours, name in names.items():
        if name not in theirs:
            expected = EndpointMode.UNTRIED
        elif (found := theirs[name]) is None:
            expected = EndpointMode.NONE
        else:
            expected = MODES[found.mode]
        assert endpoint_mode(model, ours) is expected, name


def test_a_model_that_is_not_listed_is_tried() -> None:
    """Each of its reads and actions counts as one that nobody has tried."""
    assert {endpoint_mode("X9Z9SU", name) for name in (*READS, *ACTIONS)} == {
        EndpointMode.UNTRIED
    }
