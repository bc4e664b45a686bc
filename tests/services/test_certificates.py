"""The installation's own certificate authority: what devices accept, renewal, and what it may vouch for."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.cli.tls_front import server_context
from app.services.certificates import (
    AUTHORITY,
    SERVER,
    CertificateFault,
    Pair,
    ensure,
    kept,
    machine_names,
)

NOW = datetime.now(UTC).replace(microsecond=0)
NAMES = ("localhost", "127.0.0.1", "192.168.7.20", "meeting-pc", "meeting-pc.local")


def handshake(pair: Pair, name: str, trusted: Pair | None = None) -> str:
    """Connect to a server with this certificate as a device would that trusts the authority; return the TLS version."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = server_context(pair.path)

    def serve() -> None:
        raw, _ = listening.accept()
        with raw:
            try:
                server.wrap_socket(raw, server_side=True).close()
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    trust = (trusted or pair).authority.body.public_bytes(Encoding.PEM).decode()
    device = ssl.create_default_context(cadata=trust)
    device.verify_flags |= ssl.VERIFY_X509_STRICT
    try:
        with (
            socket.create_connection(listening.getsockname()) as raw,
            device.wrap_socket(raw, server_hostname=name) as secure,
        ):
            return str(secure.version())
    finally:
        thread.join()
        listening.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_device_that_trusts_the_authority_accepts_every_name(tmp_path: Path, name: str) -> None:
    assert handshake(ensure(tmp_path, NAMES, NOW), name) == "TLSv1.3"


def test_a_device_refuses_another_name_and_another_authority(tmp_path: Path) -> None:
    pair = ensure(tmp_path / "one", NAMES, NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(pair, "other-pc.local")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(pair, "localhost", trusted=ensure(tmp_path / "two", NAMES, NOW))


def test_the_server_certificate_is_within_the_limits_of_phones(tmp_path: Path) -> None:
    body = ensure(tmp_path, NAMES, NOW).server.body
    assert body.not_valid_after_utc - body.not_valid_before_utc <= timedelta(days=398)
    usage = body.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert body.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False


def test_keys_are_for_the_owner_alone(tmp_path: Path) -> None:
    ensure(tmp_path / "tls", NAMES, NOW)
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    for name in (AUTHORITY, SERVER):
        assert stat.S_IMODE((tmp_path / "tls" / name).stat().st_mode) == 0o600


def test_nothing_is_made_anew_while_it_is_good(tmp_path: Path) -> None:
    first = ensure(tmp_path, NAMES, NOW)
    again = ensure(tmp_path, reversed(NAMES), NOW + timedelta(days=300))
    assert (first.renewed, again.renewed) == (True, False)
    assert again.server.fingerprint == first.server.fingerprint
    found = kept(tmp_path)
    assert found is not None
    assert set(found.server.names) == set(NAMES)


@pytest.mark.parametrize(
    ("names", "later"), [(NAMES, timedelta(days=336)), ((*NAMES, "10.0.0.9"), timedelta(0)), (NAMES[:3], timedelta(0))]
)
def test_a_certificate_that_ends_or_stands_for_other_names_is_renewed_under_the_same_authority(
    tmp_path: Path, names: tuple[str, ...], later: timedelta
) -> None:
    first = ensure(tmp_path, NAMES, NOW)
    second = ensure(tmp_path, names, NOW + later)
    assert second.renewed
    assert set(second.server.names) == set(names)
    assert second.authority.fingerprint == first.authority.fingerprint


def test_a_renewal_never_outlives_the_authority(tmp_path: Path) -> None:
    first = ensure(tmp_path, NAMES, NOW)
    late = first.authority.ends_at - timedelta(days=40)
    second = ensure(tmp_path, NAMES, late)
    assert second.server.ends_at <= first.authority.ends_at
    assert not ensure(tmp_path, NAMES, late + timedelta(days=1)).renewed
    with pytest.raises(CertificateFault, match="ended on"):
        ensure(tmp_path, NAMES, first.authority.ends_at + timedelta(days=1))


def test_the_authority_may_not_vouch_for_other_sites(tmp_path: Path) -> None:
    ensure(tmp_path, NAMES, NOW)
    assert ensure(tmp_path, (*NAMES, "bank.example.com"), NOW).left_out == ("bank.example.com",)
    with pytest.raises(CertificateFault, match="may not vouch for bank"):
        ensure(tmp_path, NAMES, NOW, extra=["bank.example.com"])
    constraints = ensure(tmp_path, NAMES, NOW).authority.body.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical


def test_a_name_that_was_asked_for_at_first_is_covered(tmp_path: Path) -> None:
    pair = ensure(tmp_path, NAMES, NOW, extra=["CRM.Example.com", "203.0.113.5"])
    assert {"crm.example.com", "203.0.113.5"} <= set(pair.server.names)
    assert handshake(pair, "crm.example.com")
    with pytest.raises(CertificateFault, match="no host name"):
        ensure(tmp_path, NAMES, NOW, extra=["not a name"])


def test_a_damaged_server_certificate_is_replaced_a_damaged_authority_is_not(tmp_path: Path) -> None:
    first = ensure(tmp_path, NAMES, NOW)
    (tmp_path / SERVER).write_text("damaged")
    assert ensure(tmp_path, NAMES, NOW).server.fingerprint != first.server.fingerprint
    (tmp_path / AUTHORITY).write_text("damaged")
    with pytest.raises(CertificateFault, match="delete it"):
        ensure(tmp_path, NAMES, NOW)


def test_a_server_certificate_of_another_authority_is_replaced(tmp_path: Path) -> None:
    ensure(tmp_path, NAMES, NOW)
    ensure(tmp_path / "other", NAMES, NOW)
    (tmp_path / AUTHORITY).write_bytes((tmp_path / "other" / AUTHORITY).read_bytes())
    assert ensure(tmp_path, NAMES, NOW).renewed


@pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost", "10.255.255.255", "fd00::1"])  # asked nothing, only named
def test_the_machine_knows_its_own_names() -> None:
    assert {"localhost", "127.0.0.1"} <= set(machine_names())


def test_before_the_first_start_there_is_nothing(tmp_path: Path) -> None:
    assert kept(tmp_path) is None
