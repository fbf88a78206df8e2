"""The configuration directory of a Home Assistant that shows Carport."""

import json
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).parents[2]

# The visitor comes from this machine and is let in without a password. Nothing here asks
# the network for anything: no discovery, no weather, no radio, as `default_config` would.
_CONFIGURATION: Final = """\
# Written by scripts/demo at every start.
homeassistant:
  name: Carport demo
  # Where the cars of the Demo garage live.
  latitude: 52.4227
  longitude: 10.7865
  unit_system: metric
  time_zone: Europe/Berlin
  country: DE
  currency: EUR
  auth_providers:
    - type: trusted_networks
      trusted_networks:
        - 127.0.0.1/32
        - ::1/128
      allow_bypass_login: true
    - type: homeassistant
automation: !include automations.yaml
config:
energy:
frontend:
history:
logbook:
logger:
  default: error
  logs:
    # What a bare machine lacks, and no car needs.
    haffmpeg.core: critical
    homeassistant.components.camera.img_util: critical
my:
recorder:
zone:
  - name: Reston
    icon: mdi:home-city
    latitude: 38.9586
    longitude: -77.3570
    radius: 300
  - name: Cambridge
    icon: mdi:home-city
    latitude: 52.2053
    longitude: 0.1218
    radius: 300
"""


def prepare(folder: Path, port: int) -> None:
    """Write what Home Assistant needs before it starts; keep what it wrote itself."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(_CONFIGURATION, encoding="utf-8")
    (folder / "automations.yaml").touch()
    _install(folder / "custom_components")
    _store(folder, "http", _http(port), version=3)
    # All steps but the user's, which makes the owner and is done over the API. The step
    # "core_config" would set up integrations that reach for the internet.
    if not _storage(folder, "onboarding").exists():
        done = ["core_config", "analytics", "integration"]
        _store(folder, "onboarding", {"done": done}, version=4)


def _install(components: Path) -> None:
    """Put Carport where the Marketplace puts it; a link, so that edits count."""
    components.mkdir(exist_ok=True)
    link = components / "carport"
    link.unlink(missing_ok=True)
    link.symlink_to(REPOSITORY / "custom_components" / "carport")


def _http(port: int) -> dict[str, Any]:
    """Return the web server's settings, which are no longer read from YAML."""
    return {
        "stable": {
            "server_host": ["127.0.0.1"],
            "server_port": port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "intermediate_v6",
            "use_x_frame_options": True,
            "created_at": "2026-11-01T00:00:00+00:00",
            "error": None,
            "error_message": None,
        },
        "pending": None,
        "yaml_migration_done": True,
    }


def _storage(folder: Path, key: str) -> Path:
    return folder / ".storage" / key


def _store(folder: Path, key: str, data: dict[str, Any], *, version: int) -> None:
    content = {"version": version, "minor_version": 1, "key": key, "data": data}
    path = _storage(folder, key)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
