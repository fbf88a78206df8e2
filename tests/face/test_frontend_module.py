"""The card's files: served under an address of their content, and loaded by every page."""

from hashlib import sha256
import json
from pathlib import Path
import re
from typing import Final

from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.carport import frontend_module
from custom_components.carport.const import DOMAIN
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

SOURCE: Final = Path(__file__).parents[2] / "frontend" / "src"
ENTITY: Final = re.compile(
    r'"((?:sensor|binary_sensor|switch|number|select|lock|climate|button|event|time'
    r'|calendar|device_tracker|image)\.[a-z0-9_]+)"'
)
"""How the card names an entity: by platform and key."""
LISTED: Final = re.compile(r"\b(sensor|binary)\(\[(.*?)\]\)", re.DOTALL)
KEY: Final = re.compile(r'"([a-z0-9_]+)"')
NO_ENTITY: Final = "button.press"
FOLDER: Final = Path(frontend_module.__file__).parent / "frontend"
A_MONTH: Final = "public, max-age=2678400"


async def test_pages_load_the_card_and_keep_it(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """Its address changes with its content, so that a browser may keep it for long."""
    assert await async_setup_component(hass, "frontend", {})
    assert await async_setup_component(hass, DOMAIN, {})
    (url,) = (
        url for url in hass.data[DATA_EXTRA_MODULE_URL].urls if DOMAIN in str(url)
    )
    assert _digest() in url
    client = await hass_client()
    for name in ("carport.js", "de.js"):
        answer = await client.get(url.replace("carport.js", name))
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == A_MONTH
        assert "javascript" in answer.headers["Content-Type"]


async def test_without_a_frontend_nothing_is_served(hass: HomeAssistant) -> None:
    """A Home Assistant without pages has the integration all the same."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert DATA_EXTRA_MODULE_URL not in hass.data


def test_the_card_names_only_entities_that_exist() -> None:
    """A key that was renamed would leave a hole on the card, and nobody would notice."""
    text = "\n".join(file.read_text() for file in sorted(SOURCE.rglob("*.ts")))
    named = set(ENTITY.findall(text)) - {NO_ENTITY}
    for platform, keys in LISTED.findall(text):
        domain = "binary_sensor" if platform == "binary" else platform
        named |= {f"{domain}.{key}" for key in KEY.findall(keys)}
    translations = FOLDER.parent / "translations" / "en.json"
    known = {
        f"{platform}.{key}"
        for platform, keys in json.loads(translations.read_text())["entity"].items()
        for key in keys
    }
    assert len(named) > 80
    assert named <= known, sorted(named - known)


def _digest() -> str:
    """Return the digest of the built files, as the build makes it."""
    digest = sha256()
    for file in sorted(FOLDER.iterdir()):
        if file.name != "manifest.json":
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    told = json.loads((FOLDER / "manifest.json").read_text())["hash"]
    assert digest.hexdigest().startswith(told)
    return str(told)
