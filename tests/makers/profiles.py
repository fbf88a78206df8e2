"""The profiles of all services; importing this fails where one of them is missing."""

from typing import Final

from carport.makers.registry import SERVICES

from .profile import collect

PROFILES: Final = collect(SERVICES)
