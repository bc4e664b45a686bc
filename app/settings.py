"""config.yaml and the environment -> frozen settings. Knows names and defaults of settings, nothing that uses them."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the name of the file, not the secret
SHORTEST_SECRET_KEY = 32
MEBIBYTE = 2**20
CHECKOUT = Path(__file__).resolve().parent.parent


class SettingsFault(Exception):  # noqa: N818 - named like the other faults
    """config.yaml or the environment holds something that cannot be used; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an installation may choose. Paths are absolute.

    `secret_key` signs cookies; it is empty until `with_secret_key` has read or made it.
    """

    content: Path  # the content root: the folder that holds frameworks/, questionnaires/, reports/
    data: Path  # database, generated files, secret key
    database_url: str
    host: str
    port: int
    locale: str
    secure_cookies: bool
    trusted_hosts: tuple[str, ...] = ()  # host names that the site answers to; empty: any
    tls: bool = False  # serve HTTPS with a certificate of the installation's own authority
    tls_port: int = 8443
    tls_names: tuple[str, ...] = ()  # further names of the machine for its certificate
    largest_attachment: int = 10 * MEBIBYTE  # bytes of one file
    largest_attachments: int = 500 * MEBIBYTE  # bytes of all files of an assessment
    report_days: int = 90  # days for which a report's file is kept; afterwards it is made again when asked for
    largest_reports: int = 5000 * MEBIBYTE  # bytes of all files of reports
    further_content: tuple[Path, ...] = ()  # content roots beside it, such as a firm's own
    secret_key: str = field(default="", repr=False)

    @property
    def content_roots(self) -> tuple[Path, ...]:
        """All content roots, the first first."""
        return (self.content, *self.further_content)


def read_settings(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read settings from `path` (default: config.yaml of the checkout), the environment winning over the file.

    Environment: CRM_MATURITY_ROOT (content; several folders divided as in PATH), CRM_MATURITY_DATA, DATABASE_URL. A
    relative path counts from the file's folder when it stands in the file, from the working directory when it stands in
    the environment. Raises SettingsFault.
    """
    environ = os.environ if environ is None else environ
    path = path or CHECKOUT / "config.yaml"
    values = _read_file(path)
    base = path.parent
    data = _folder(environ.get("CRM_MATURITY_DATA"), base / values.pop("data", "var"))
    content = _content(environ.get("CRM_MATURITY_ROOT"), values.pop("content", "."), path)
    settings = Settings(
        content=content[0],
        further_content=content[1:],
        data=data,
        database_url=environ.get("DATABASE_URL")
        or values.pop("database", "")
        or f"sqlite:///{data / 'crm-maturity.db'}",
        host=str(values.pop("host", "127.0.0.1")),
        port=_port(values.pop("port", 8000), path),
        locale=_locale(values.pop("locale", "zh"), path),
        secure_cookies=bool(values.pop("secure_cookies", False)),
        trusted_hosts=_hosts(values.pop("trusted_hosts", []), "trusted_hosts", path),
        tls=_flag(values.pop("tls", False), "tls", path),
        tls_port=_port(values.pop("tls_port", 8443), path, "tls_port"),
        tls_names=_hosts(values.pop("tls_names", []), "tls_names", path),
        largest_attachment=_mebibytes(values.pop("attachment_mib", 10), "attachment_mib", path),
        largest_attachments=_mebibytes(values.pop("attachments_mib", 500), "attachments_mib", path),
        report_days=_days(values.pop("report_days", 90), "report_days", path),
        largest_reports=_mebibytes(values.pop("reports_mib", 5000), "reports_mib", path),
    )
    values.pop("database", None)
    if values:
        raise SettingsFault(f"{path}: unknown settings {', '.join(sorted(values))}; remove them or mend the spelling")
    return settings


def _folder(from_environment: str | None, from_file: Path) -> Path:
    return (Path.cwd() / from_environment if from_environment else from_file).resolve()


def _content(from_environment: str | None, from_file: object, path: Path) -> tuple[Path, ...]:
    """Return the content roots: a folder or a list of folders, each once."""
    if from_environment:
        folders = [Path.cwd() / part for part in from_environment.split(os.pathsep) if part]
    else:
        named = from_file if isinstance(from_file, list) else [from_file]
        if not named or not all(isinstance(folder, str) and folder for folder in named):
            raise SettingsFault(f"{path}: content must be a folder or a list of folders, not {from_file!r}")
        folders = [path.parent / str(folder) for folder in named]
    return tuple(dict.fromkeys(folder.resolve() for folder in folders))


def with_secret_key(settings: Settings, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings with the key that signs cookies.

    SECRET_KEY of the environment, else the file `secret-key` of the data folder, which is made (0600) when there is
    none. Raises SettingsFault for a key shorter than 32 characters.
    """
    environ = os.environ if environ is None else environ
    path = settings.data / SECRET_KEY_FILE
    key, place = environ.get("SECRET_KEY"), "SECRET_KEY"
    if key is None:
        key, place = _kept_secret_key(path), str(path)
    if len(key) < SHORTEST_SECRET_KEY:
        raise SettingsFault(f"{place}: a secret key has {SHORTEST_SECRET_KEY} characters or more")
    return replace(settings, secret_key=key)


def _kept_secret_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written aside and linked into place: of two first starts one wins, and nobody reads half a key.
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text("ascii").strip()


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise SettingsFault(f"{path}: not valid YAML: {error}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SettingsFault(f"{path}: must hold `name: value` lines")
    return values


def _port(value: object, path: Path, name: str = "port") -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 65535:
        raise SettingsFault(f"{path}: {name} must be a whole number from 0 to 65535, not {value!r}")
    return value


def _mebibytes(value: object, name: str, path: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100_000:
        raise SettingsFault(f"{path}: {name} must be a whole number of MiB from 1 to 100000, not {value!r}")
    return value * MEBIBYTE


def _days(value: object, name: str, path: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 36_500:
        raise SettingsFault(f"{path}: {name} must be a whole number of days from 1 to 36500, not {value!r}")
    return value


def _locale(value: object, path: Path) -> str:
    if value not in ("zh", "en"):
        raise SettingsFault(f"{path}: locale must be zh or en, not {value!r}")
    return str(value)


def _flag(value: object, name: str, path: Path) -> bool:
    if not isinstance(value, bool):
        raise SettingsFault(f"{path}: {name} must be true or false, not {value!r}")
    return value


def _hosts(value: object, name: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(host, str) for host in value):
        raise SettingsFault(f"{path}: {name} must be a list of host names, not {value!r}")
    return tuple(value)
