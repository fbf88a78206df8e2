"""What Home Assistant is told about the integration before it is loaded."""

import json
from pathlib import Path
from typing import Any, Final

from custom_components import carport
from custom_components.carport.const import DOMAIN
from homeassistant import components, loader
from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict

FOLDER: Final = Path(carport.__file__).parent
HOME_ASSISTANTS: Final = Path(components.__path__[0])
TIERS: Final = ("Bronze", "Silver", "Gold", "Platinum")


def manifest() -> dict[str, Any]:
    """Return the manifest."""
    content: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text())
    return content


async def test_manifest_loads(hass: HomeAssistant) -> None:
    """Home Assistant takes the manifest."""
    integration = await loader.async_get_integration(hass, DOMAIN)
    assert str(integration.version) == "0.1.0"
    assert integration.iot_class == "cloud_polling"
    assert integration.integration_type == "hub"
    assert integration.config_flow
    assert not integration.is_built_in


def test_manifest_keys() -> None:
    """Domain and name come first, then the alphabet, and nothing unknown."""
    keys = list(manifest())
    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert set(keys) <= loader.Manifest.__annotations__.keys()
    assert manifest()["domain"] == DOMAIN == FOLDER.name
    assert not (HOME_ASSISTANTS / DOMAIN).exists()


def test_requirements_are_pinned_as_home_assistant_does() -> None:
    """A pin of our own would fight with that of another integration."""
    pinned = {
        requirement
        for path in HOME_ASSISTANTS.glob("*/manifest.json")
        for requirement in json.loads(path.read_text()).get("requirements", ())
    }
    names = {requirement.partition("==")[0] for requirement in pinned}
    for requirement in manifest()["requirements"]:
        name, _, version = requirement.partition("==")
        assert version
        assert name not in names or requirement in pinned


def test_quality_scale_is_complete() -> None:
    """Every rule has a status, and what is exempt says why."""
    rules: dict[str, Any] = load_yaml_dict(str(FOLDER / "quality_scale.yaml"))["rules"]
    expected = load_yaml_dict(str(HOME_ASSISTANTS / "renault" / "quality_scale.yaml"))[
        "rules"
    ]
    assert len(expected) == 54
    assert rules.keys() == expected.keys()
    for rule, status in rules.items():
        if isinstance(status, dict):
            assert status["status"] in {"done", "todo", "exempt"}, rule
            assert status["comment"], rule
        else:
            assert status in {"done", "todo"}, rule
    text = (FOLDER / "quality_scale.yaml").read_text()
    places = [text.index(f"# {tier}") for tier in TIERS]
    assert places == sorted(places)


def test_the_store_takes_it() -> None:
    """The minimum version is that which the code is written for."""
    store = json.loads((FOLDER.parents[1] / "hacs.json").read_text())
    assert store["homeassistant"] == "2026.11.0"
    assert {path.name for path in (FOLDER / "brand").glob("*.png")} >= {
        "icon.png",
        "logo.png",
    }
    assert (FOLDER / "py.typed").exists()
