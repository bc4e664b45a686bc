"""The section `oidc:` of config.yaml -> frozen settings of single sign-on. Knows no provider and no protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

CLIENT_SECRET = "OIDC_CLIENT_SECRET"  # noqa: S105 - the name of a variable of the environment
KNOWN = frozenset({"issuer", "client_id", "client_secret_file", "label", "scopes", "allow_sign_up", "acr", "amr"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LONGEST_LABEL = 40
PLAIN = re.compile(r"[\x21-\x7e]{1,200}")  # what a client id, a scope, an acr or amr value may consist of


class OidcFault(Exception):  # noqa: N818 - named like the other faults
    """The section holds something that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An OpenID Connect provider by which people may sign in."""

    issuer: str
    client_id: str
    label: str  # what people call the provider: stands on the button
    scopes: tuple[str, ...] = ("openid", "profile")
    sign_up: bool = False  # whoever the provider vouches for may make a reader's account
    acr: tuple[str, ...] = ()  # one of these must be the class of the provider's authentication
    amr: tuple[str, ...] = ()  # one of these must be among its methods
    client_secret: str = field(default="", repr=False)  # empty: a public client, which PKCE alone protects

    @property
    def vouches_for_second_factor(self) -> bool:
        """Tell whether a sign-in by the provider stands for two factors: it is asked for proof of them."""
        return bool(self.acr or self.amr)


def is_safe_address(address: object) -> bool:
    """Tell whether an address is HTTPS, or HTTP on this very machine (for trying out), and names no account."""
    if not isinstance(address, str) or any(ord(character) < 33 for character in address):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def read_oidc(section: object, base: Path, environ: Mapping[str, str]) -> OidcSettings | None:
    """Return the settings of single sign-on; None where the section is missing or empty.

    The client secret is OIDC_CLIENT_SECRET of the environment, else what stands in the file `client_secret_file`
    (relative to `base`), never a line of config.yaml. Raises OidcFault with what is wrong and what to do.
    """
    if not section:
        return None
    if not isinstance(section, dict):
        raise OidcFault("oidc must hold `name: value` lines (docs/single-sign-on.md)")
    if "client_secret" in section:
        raise OidcFault(f"oidc: put the client secret into {CLIENT_SECRET} or a file (client_secret_file), not here")
    unknown = sorted(str(name) for name in section.keys() - KNOWN)
    if unknown:
        raise OidcFault(f"oidc: unknown settings {', '.join(unknown)}; remove them or mend the spelling")
    issuer = section.get("issuer")
    if not is_safe_address(issuer) or "?" in str(issuer):
        raise OidcFault(f"oidc: issuer must be the https address of the provider, not {issuer!r}")
    scopes = _words(section.get("scopes", ["openid", "profile"]), "scopes")
    if "openid" not in scopes:
        raise OidcFault("oidc: scopes must name openid")
    return OidcSettings(
        issuer=str(issuer),
        client_id=_word(section.get("client_id"), "client_id"),
        label=_label(section.get("label"), str(issuer)),
        scopes=scopes,
        sign_up=_sign_up(section.get("allow_sign_up", "no")),
        acr=_words(section.get("acr", []), "acr"),
        amr=_words(section.get("amr", []), "amr"),
        client_secret=_secret(section.get("client_secret_file"), base, environ),
    )


def _secret(file: object, base: Path, environ: Mapping[str, str]) -> str:
    from_environment = environ.get(CLIENT_SECRET)
    if from_environment is not None:
        return from_environment
    if file is None:
        return ""
    if not isinstance(file, str):
        raise OidcFault(f"oidc: client_secret_file must be the path of a file, not {file!r}")
    try:
        secret = (base / file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OidcFault(f"oidc: client_secret_file cannot be read: {type(error).__name__}") from error
    if not secret:
        raise OidcFault("oidc: client_secret_file is empty")
    return secret


def _label(value: object, issuer: str) -> str:
    if value is None:
        return str(urlsplit(issuer).hostname)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_LABEL or not value.isprintable():
        raise OidcFault(f"oidc: label must be a short name of the provider, not {value!r}")
    return value.strip()


def _sign_up(value: object) -> bool:
    if value in ("no", False):  # YAML reads a bare `no` as false
        return False
    if value == "readers":
        return True
    raise OidcFault(f"oidc: allow_sign_up must be no or readers, not {value!r}")


def _word(value: object, name: str) -> str:
    if not isinstance(value, str) or not PLAIN.fullmatch(value):
        raise OidcFault(f"oidc: {name} must be one plain word (in quotes if it is a number), not {value!r}")
    return value


def _words(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise OidcFault(f"oidc: {name} must be a list, not {value!r}")
    return tuple(_word(word, name) for word in value)
