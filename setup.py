"""Install `carport`, library and command: the integration's folders without Home Assistant."""

import json
from pathlib import Path

from setuptools import find_packages, setup

INTEGRATION = Path("custom_components/carport")
FLOORS = ("car", "twin", "cloud", "makers", "engine", "mqtt")
# The command stands beside the integration, which does not need it.
CLI = "cli"
CLI_REQUIREMENTS = [
    # Arguments, help and shell completion.
    "typer>=0.29,<1",
    # Tables that fit the terminal, colours that are off when piped.
    "rich>=15,<16",
    # Where a command keeps its state on each system.
    "platformdirs>=4.9,<5",
    # The QR code of a page that the owner has to open; draws it as text, needs nothing.
    "segno>=1.6,<2",
]

POSTGRES_REQUIREMENTS = [
    # The database that several machines share, with the C library that it needs.
    "psycopg[binary]>=3.3,<4",
    # What is private in it is encrypted before it leaves the machine.
    "cryptography>=46",
]

manifest = json.loads((INTEGRATION / "manifest.json").read_text(encoding="utf-8"))
folders = {f"carport.{floor}": str(INTEGRATION / floor) for floor in FLOORS}
setup(
    version=manifest["version"],
    # Home Assistant brings aiohttp itself.
    install_requires=["aiohttp", *manifest["requirements"], *CLI_REQUIREMENTS],
    extras_require={"postgres": POSTGRES_REQUIREMENTS},
    packages=[
        "carport",
        f"carport.{CLI}",
        # The words of every face, as data.
        "carport.translations",
        *(
            f"carport.{package}"
            for package in find_packages(str(INTEGRATION))
            if package.split(".")[0] in FLOORS
        ),
    ],
    package_dir={
        "carport": "carport",
        f"carport.{CLI}": CLI,
        "carport.translations": str(INTEGRATION / "translations"),
        **folders,
    },
    package_data={
        "carport": ["py.typed"],
        f"carport.{CLI}": ["bridge_example.toml"],
        "carport.mqtt": ["entities.json"],
        "carport.translations": ["en.json"],
    },
    entry_points={"console_scripts": ["carport = carport.cli.__main__:main"]},
)
