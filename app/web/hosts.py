"""Under which names the site answers. Where the settings name none: addresses, and names of this machine.

A name that somebody else's name server leads here (DNS rebinding) would let that somebody's pages ask as a visitor; an
address cannot be led anywhere. So any address is answered, and of names those alone that this machine has by itself.
"""

from __future__ import annotations

import ipaddress
import socket
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import SecurityError

if TYPE_CHECKING:
    from app.settings import Settings

OWN_HOSTS = "OWN_HOSTS"  # in the configuration of the application; None: TRUSTED_HOSTS decides


def own_hosts(settings: Settings) -> frozenset[str] | None:
    """Return the names of this installation for when nobody named any; None where the settings name some."""
    if settings.trusted_hosts:
        return None
    machine = socket.gethostname().lower()
    named = {settings.host, *settings.tls_names, urlsplit(settings.address).hostname or "localhost"}
    return frozenset({"localhost", machine, f"{machine}.local", *(name.lower() for name in named)})


def refuse_other_hosts() -> None:
    """Refuse a request under a name that is not ours."""
    own = current_app.config[OWN_HOSTS]
    if own is not None and not is_own(request.host, own):
        raise SecurityError(f"Host {request.host!r} is not one of ours.")


def is_own(host: str, own: frozenset[str]) -> bool:
    """Tell whether a Host header holds an address, or one of these names; names end in `.localhost` too."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return _is_address(name) or name in own or name.endswith(".localhost") or (bool(name) and name == _full_name())


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@cache
def _full_name() -> str:
    """Return this machine's name with its domain; asks a name server once, when somebody uses a name not known yet."""
    return socket.getfqdn().lower()
