"""The local certificate authority of an installation and the server certificate that it signs.

Two files in one folder, each key and certificate together so that neither can be replaced alone, mode 0600:
`authority.pem` is made once and may vouch for private addresses and local names only; `server.pem` is made anew when it
is about to end or when the machine's names change. What phones and computers ask of a server certificate (at most 398
days, names in subjectAltName, usage "server") holds for every one of them.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.services.refusals import Refused

FOLDER = "tls"  # inside the data folder
AUTHORITY = "authority.pem"
SERVER = "server.pem"
AUTHORITY_DAYS = 3650
SERVER_DAYS = 365  # with the day before, below the 398 that iOS, Android and Windows accept
RENEW_BEFORE = timedelta(days=30)
CLOCK_SKEW = timedelta(days=1)  # a tablet whose clock is behind must not refuse a fresh certificate

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LOCAL_SUFFIXES = ("localhost", "local", "lan", "internal", "home.arpa", "test")
LOCAL_NETWORKS = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)
_NETWORKS = tuple(ipaddress.ip_network(network) for network in LOCAL_NETWORKS)
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


class CertificateFault(Refused):
    """A certificate cannot be read or made; the message says where and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__("certificate", message)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key as PEM, and what is asked about it."""

    pem: bytes
    key: ec.EllipticCurvePrivateKey
    body: x509.Certificate

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.body.not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate as devices show it: pairs of hexadecimal digits."""
        return self.body.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def der(self) -> bytes:
        """The certificate alone, as devices take it in."""
        return self.body.public_bytes(serialization.Encoding.DER)

    @property
    def names(self) -> tuple[str, ...]:
        """The names and addresses that a server certificate stands for; none for an authority."""
        try:
            found = self.body.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return ()
        return (
            *found.get_values_for_type(x509.DNSName),
            *(str(address) for address in found.get_values_for_type(x509.IPAddress)),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """What a server needs: its certificate and the authority behind it. `left_out`: names that it may not vouch for."""

    authority: Certificate
    server: Certificate
    path: Path
    left_out: tuple[str, ...] = ()
    renewed: bool = False


def kept(folder: Path) -> Pair | None:
    """Return the certificates that are there, whatever their dates; None when none were made yet.

    Raises CertificateFault for files that cannot be read.
    """
    if not (folder / AUTHORITY).exists() or not (folder / SERVER).exists():
        return None
    return Pair(_read(folder / AUTHORITY), _read(folder / SERVER), folder / SERVER)


def ensure(folder: Path, names: Iterable[str], now: datetime, *, extra: Sequence[str] = ()) -> Pair:
    """Return certificates that are good now for `names` and `extra`, making what is missing, ended or for other names.

    A name that the authority may not vouch for is left out when the machine brought it, and a CertificateFault when it
    was asked for (`extra`): a new authority would have to be trusted anew on every device, which is not done unasked.
    """
    asked = [_checked(name) for name in extra]
    wanted = sorted({*asked, *(name.lower() for name in names if _is_name(name))})
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = _authority(folder, wanted, now)
    allowed = [name for name in wanted if _covers(authority, name)]
    refused = [name for name in asked if name not in allowed]
    if refused:
        raise CertificateFault(
            f"the certificate authority of this installation may not vouch for {', '.join(refused)}. To make a new "
            f"one, delete {folder / AUTHORITY} and start again; every device must then trust the new one"
        )
    left_out = tuple(name for name in wanted if name not in allowed)
    path = folder / SERVER
    server = _read_or_none(path)
    if server is not None and _still_good(server, authority, allowed, now):
        return Pair(authority, server, path, left_out)
    server = _new_server(authority, allowed, now)
    _write(path, server.pem)
    return Pair(authority, server, path, left_out, renewed=True)


def machine_names() -> tuple[str, ...]:
    """Return what this machine is called on its network: localhost, host names, addresses of its interfaces."""
    host = socket.gethostname().lower()
    names = {"localhost", "127.0.0.1", "::1", host, *_addresses(host)}
    if "." not in host:
        names.add(f"{host}.local")  # how Apple's and most other devices find a machine without a name server
    return tuple(sorted(name for name in names if _is_name(name)))


def _addresses(host: str) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        found = {str(entry[4][0]).partition("%")[0] for entry in socket.getaddrinfo(host, None)}
    # Connecting a datagram socket sends nothing; it only asks the system which address it would send from.
    for family, elsewhere in ((socket.AF_INET, "10.255.255.255"), (socket.AF_INET6, "fd00::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            found.add(str(probe.getsockname()[0]))
    return found


def is_address(name: str) -> bool:
    """Tell whether a name is an address of digits."""
    return _address(name) is not None


def _address(name: str) -> Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_name(name: str) -> bool:
    address = _address(name)
    if address is not None:
        return not address.is_unspecified and not address.is_multicast
    return _HOST_NAME.fullmatch(name.lower()) is not None


def _checked(name: str) -> str:
    lower = name.strip().lower()
    if not _is_name(lower):
        raise CertificateFault(f"{name!r} is no host name and no address")
    return lower


def _authority(folder: Path, names: Sequence[str], now: datetime) -> Certificate:
    path = folder / AUTHORITY
    if path.exists():
        found = _read(path)
        if found.ends_at <= now:
            raise CertificateFault(
                f"the certificate authority ended on {found.ends_at:%Y-%m-%d}. Delete {path} and start again; every "
                "device must then trust the new one"
            )
        return found
    made = _new_authority(names, now)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _create(fresh, made.pem)
    with contextlib.suppress(FileExistsError):  # of two first starts one wins
        os.link(fresh, path)
    fresh.unlink()
    return _read(path)


def _new_authority(names: Sequence[str], now: datetime) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    label = f"CRM Maturity {socket.gethostname()} {now:%Y-%m-%d}"[:64]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label)])
    own = [name for name in names if not is_address(name) and name.rpartition(".")[2] not in LOCAL_SUFFIXES]
    outside = [address for name in names if (address := _address(name)) and not _is_local(address)]
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in (*LOCAL_SUFFIXES, *own)]
    permitted += [x509.IPAddress(network) for network in _NETWORKS]
    permitted += [x509.IPAddress(ipaddress.ip_network(address)) for address in outside]
    body = (
        _begin(subject, subject, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Certificate(_pem(key, body), key, body)


def _new_server(authority: Certificate, names: Sequence[str], now: datetime) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "CRM Maturity")])
    addresses = [(name, _address(name)) for name in names]
    alternatives: list[x509.GeneralName] = [
        x509.DNSName(name) if address is None else x509.IPAddress(address) for name, address in addresses
    ]
    begun = _begin(subject, authority.body.subject, key, now, SERVER_DAYS, until=authority.ends_at)
    body = (
        begun.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
        .sign(authority.key, hashes.SHA256())
    )
    return Certificate(_pem(key, body), key, body)


def _begin(  # noqa: PLR0917 - the fields of a certificate
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
    until: datetime | None = None,
) -> x509.CertificateBuilder:
    ends = now + timedelta(days=days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(min(ends, until) if until else ends)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _is_local(address: Address) -> bool:
    return any(address in network for network in _NETWORKS if network.version == address.version)


def _covers(authority: Certificate, name: str) -> bool:
    try:
        constraints = authority.body.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return True
    permitted = constraints.permitted_subtrees or ()
    address = _address(name)
    if address is None:
        suffixes = [subtree.value for subtree in permitted if isinstance(subtree, x509.DNSName)]
        return any(name == suffix or name.endswith(f".{suffix}") for suffix in suffixes)
    networks = [subtree.value for subtree in permitted if isinstance(subtree, x509.IPAddress)]
    return any(
        address in network
        for network in networks
        if isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network) and network.version == address.version
    )


def _still_good(server: Certificate, authority: Certificate, names: Sequence[str], now: datetime) -> bool:
    if server.body.not_valid_before_utc > now or server.ends_at - now < min(
        RENEW_BEFORE, (authority.ends_at - now) / 2
    ):
        return False
    if set(server.names) != set(names):
        return False
    try:
        server.body.verify_directly_issued_by(authority.body)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _pem(key: ec.EllipticCurvePrivateKey, body: x509.Certificate) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + body.public_bytes(serialization.Encoding.PEM)


def _read(path: Path) -> Certificate:
    try:
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        body = x509.load_pem_x509_certificate(pem)
    except (OSError, ValueError) as error:
        raise CertificateFault(f"{path} cannot be used ({error}); delete it and start again") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != body.public_key():
        raise CertificateFault(f"{path}: key and certificate do not belong together; delete it and start again")
    return Certificate(pem, key, body)


def _read_or_none(path: Path) -> Certificate | None:
    try:
        return _read(path)
    except CertificateFault:
        return None  # a server certificate is made anew without anybody having to trust anything


def _create(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _create(fresh, content)
    fresh.replace(path)
