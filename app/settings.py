"""config.yaml and the environment -> frozen settings. Knows names and defaults of settings, nothing that uses them."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from app.oidc_settings import OidcFault, OidcSettings, read_oidc
from app.retention_settings import RetentionFault, RetentionSettings, read_retention

MOST_FORMER_KEYS = 2
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the name of the file, not the secret
SHORTEST_SECRET_KEY = 32
MEBIBYTE = 2**20
BACKUP_FOLDER = "backups"
CHECKOUT = Path(__file__).resolve().parent.parent


class SettingsFault(Exception):  # noqa: N818 - named like the other faults
    """config.yaml or the environment holds something that cannot be used; the message says where and what to do."""


SECOND_FACTOR = ("off", "privileged", "all")
MAIL_SECURITY = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed in. `security`: starttls, tls or none. `password_file` is read when it is needed."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password_file: Path | None = None

    def password(self) -> str:
        """Return the password for `user`; OSError when its file cannot be read."""
        return self.password_file.read_text("utf-8").strip() if self.password_file else ""


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
    trusted_hosts: tuple[str, ...] = ()  # host names that the site answers to; empty: addresses, names of this machine
    tls: bool = False  # serve HTTPS with a certificate of the installation's own authority
    tls_port: int = 8443
    tls_names: tuple[str, ...] = ()  # further names of the machine for its certificate
    largest_attachment: int = 10 * MEBIBYTE  # bytes of one file
    largest_attachments: int = 500 * MEBIBYTE  # bytes of all files of an assessment
    report_days: int = 90  # days for which a report's file is kept; afterwards it is made again when asked for
    largest_reports: int = 5000 * MEBIBYTE  # bytes of all files of reports
    backup_hours: int = 24  # hours between two backups that the worker makes; 0: none
    backups_kept: int = 14  # of those the newest so many are kept
    backup_folder: Path | None = None  # where backups lie; None: backups/ in the data folder
    sign_in_idle: timedelta = timedelta(hours=12)  # a sign-in ends after so long without a request
    sign_in_longest: timedelta = timedelta(days=7)  # and after so long in any case
    second_factor: str = "privileged"  # who must have one: off (nobody), privileged, all
    second_factor_grace: timedelta = timedelta(days=7)  # how old an account may grow without the one it must have
    breached_passwords: Path | None = None  # SHA-1 hashes of stolen passwords in order, which nobody may choose
    proxy_hops: int = 0  # reverse proxies in front, whose X-Forwarded headers are believed
    address: str = ""  # the address that links begin with, such as https://crm.example.com; empty: as it is asked
    mail: MailServer | None = None  # None: links are handed over by hand
    oidc: OidcSettings | None = None  # the provider by which people may sign in; None: passwords alone
    retention: RetentionSettings = field(default_factory=RetentionSettings)  # for how many days what is kept
    further_content: tuple[Path, ...] = ()  # content roots beside it, such as a firm's own
    secret_key: str = field(default="", repr=False)
    former_keys: tuple[str, ...] = field(default=(), repr=False)  # still believed, never used anew; newest first

    @property
    def content_roots(self) -> tuple[Path, ...]:
        """All content roots, the first first."""
        return (self.content, *self.further_content)

    @property
    def backups(self) -> Path:
        """The folder in which backups lie."""
        return self.backup_folder or self.data / BACKUP_FOLDER


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
        secure_cookies=_flag(values.pop("secure_cookies", False), "secure_cookies", path),
        trusted_hosts=_hosts(values.pop("trusted_hosts", []), "trusted_hosts", path),
        tls=_flag(values.pop("tls", False), "tls", path),
        tls_port=_port(values.pop("tls_port", 8443), path, "tls_port"),
        tls_names=_hosts(values.pop("tls_names", []), "tls_names", path),
        largest_attachment=_mebibytes(values.pop("attachment_mib", 10), "attachment_mib", path),
        largest_attachments=_mebibytes(values.pop("attachments_mib", 500), "attachments_mib", path),
        report_days=_days(values.pop("report_days", 90), "report_days", path),
        largest_reports=_mebibytes(values.pop("reports_mib", 5000), "reports_mib", path),
        sign_in_idle=timedelta(hours=_whole(values.pop("sign_in_idle_hours", 12), "sign_in_idle_hours", path, 1, 168)),
        sign_in_longest=timedelta(days=_whole(values.pop("sign_in_days", 7), "sign_in_days", path, 1, 90)),
        second_factor=_one_of(values.pop("second_factor", "privileged"), "second_factor", path, SECOND_FACTOR),
        second_factor_grace=timedelta(
            days=_whole(values.pop("second_factor_grace_days", 7), "second_factor_grace_days", path, 0, 365)
        ),
        breached_passwords=_file(values.pop("breached_passwords", ""), "breached_passwords", path),
        proxy_hops=_whole(values.pop("proxy_hops", 0), "proxy_hops", path, 0, 10),
        address=_address(values.pop("address", ""), path),
        mail=_mail_server(values.pop("smtp", None), path),
        backup_hours=_whole(values.pop("backup_hours", 24), "backup_hours", path, 0, 8760),
        backups_kept=_whole(values.pop("backups_kept", 14), "backups_kept", path, 1, 1000),
        backup_folder=_backup_folder(values.pop("backup_folder", None), base, path),
        oidc=_oidc(values.pop("oidc", None), path, environ),
        retention=_retention(values.pop("retention", None), path),
    )
    values.pop("database", None)
    if values:
        raise SettingsFault(f"{path}: unknown settings {', '.join(sorted(values))}; remove them or mend the spelling")
    return settings


def _oidc(section: object, path: Path, environ: Mapping[str, str]) -> OidcSettings | None:
    try:
        return read_oidc(section, path.parent, environ)
    except OidcFault as fault:
        raise SettingsFault(f"{path}: {fault}") from fault


def _retention(section: object, path: Path) -> RetentionSettings:
    try:
        return read_retention(section)
    except RetentionFault as fault:
        raise SettingsFault(f"{path}: {fault}") from fault


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
    """Return the settings with the key that signs cookies, and the former ones that are still believed.

    SECRET_KEY of the environment (former ones, divided by blanks, in SECRET_KEY_FALLBACKS), else the lines of the file
    `secret-key` of the data folder, which is made (0600) when there is none. Raises SettingsFault for a key of fewer
    than 32 characters.
    """
    environ = os.environ if environ is None else environ
    path = settings.data / SECRET_KEY_FILE
    place = str(path)
    if (given := environ.get("SECRET_KEY")) is not None:
        place, keys = "SECRET_KEY", (given, *environ.get("SECRET_KEY_FALLBACKS", "").split())
    else:
        keys = kept_secret_keys(path)
    if min(map(len, keys)) < SHORTEST_SECRET_KEY:
        raise SettingsFault(f"{place}: a secret key has {SHORTEST_SECRET_KEY} characters or more")
    return replace(settings, secret_key=keys[0], former_keys=tuple(keys[1:]))


def found_secret_key(settings: Settings, environ: Mapping[str, str] | None = None) -> tuple[str | None, bool]:
    """Return the key that signs cookies, None where none was made yet, and whether the environment gives it."""
    environ = os.environ if environ is None else environ
    if environ.get("SECRET_KEY") is not None:
        return environ["SECRET_KEY"], True
    path = settings.data / SECRET_KEY_FILE
    return (kept_secret_keys(path)[0], False) if path.exists() else (None, False)


def kept_secret_keys(path: Path) -> tuple[str, ...]:
    """Return the keys of a file, the current one first; makes the file (0600) where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written aside and linked into place: of two first starts one wins, and nobody reads half a key.
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return tuple(path.read_text("ascii").split()) or ("",)


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


def _backup_folder(value: object, base: Path, path: Path) -> Path | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise SettingsFault(f"{path}: backup_folder must be a folder, not {value!r}")
    return (base / value).resolve()


def _whole(value: object, name: str, path: Path, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise SettingsFault(f"{path}: {name} must be a whole number from {least} to {most}, not {value!r}")
    return value


def _one_of(value: object, name: str, path: Path, allowed: tuple[str, ...]) -> str:
    value = "off" if value is False else value  # YAML reads a bare `off` as false
    if value not in allowed:
        raise SettingsFault(f"{path}: {name} must be one of {', '.join(allowed)}, not {value!r}")
    return str(value)


def _file(value: object, name: str, path: Path) -> Path | None:
    if not isinstance(value, str) or (value and not (path.parent / value).is_file()):
        raise SettingsFault(f"{path}: {name} must be a file that exists, not {value!r}")
    return (path.parent / value).resolve() if value else None


def _address(value: object, path: Path) -> str:
    if not isinstance(value, str) or (value and not value.startswith(("http://", "https://"))):
        raise SettingsFault(f"{path}: address must begin with https:// or http://, not {value!r}")
    return value.rstrip("/")


def _mail_server(value: object, path: Path) -> MailServer | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(value.get(name), str) for name in ("host", "sender")):
        raise SettingsFault(f"{path}: smtp needs host and sender")
    values = dict(value)
    security = _one_of(values.pop("security", "starttls"), "smtp.security", path, MAIL_SECURITY)
    server = MailServer(
        host=values.pop("host"),
        port=_port(values.pop("port", 465 if security == "tls" else 587), path, "smtp.port"),
        security=security,
        sender=values.pop("sender"),
        user=str(values.pop("user", "")),
        password_file=_file(values.pop("password_file", ""), "smtp.password_file", path),
    )
    if values:
        raise SettingsFault(f"{path}: unknown settings smtp.{', smtp.'.join(sorted(map(str, values)))}")
    return server


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
