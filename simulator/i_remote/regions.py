"""The hosts of i Remote, and the region each of them belongs to."""

from collections.abc import Mapping
from typing import Final

NAVIGATION: Final = "www.bmw-connecteddrive.de"

APIS: Final[Mapping[str, str]] = {
    "b2vapi.bmwgroup.com": "eu",
    "b2vapi.bmwgroup.us": "us",
    "b2vapi.bmwgroup.cn": "cn",
}
TOKEN_HOSTS: Final = ("customer.bmwgroup.com", "customer.bmwgroup.cn")

HUBS: Final[Mapping[str, str]] = {"eu": "HUB_ECE", "us": "HUB_US", "cn": "HUB_CN"}
