"""Defences of the log, histories, the server and its keys (4.13, 4.14, 4.16)."""

from __future__ import annotations

from tests.security.defences.rows import Change, Defence, without

LISTENING = "app/cli/listening.py"
SLOW = "security/test_slow_clients.py"
MIGRATIONS = "app/storage/migrations/versions"
REFUSAL = "SELECT RAISE(ABORT, '{table} is append-only')"
CHANGED = "storage/test_migrations.py::test_history_refuses_to_be_changed"
TRUSTED = ("AnswerRevisionRow", "AgreedScoreRevisionRow", "AuditEventRow", "PublishedResultRow", "IssuedReportRow")
# the tests would wait for a minute for an answer that does not come
IMPATIENT = Change("tests/services/test_serving.py", "PATIENCE = 60", "PATIENCE = 4")

HISTORY: tuple[Defence, ...] = (
    without(
        "4.13",
        "JSON for each line of the log",
        Change(
            "app/bootstrap.py",
            "    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)\n",
            '    renderer: Any = lambda _log, _name, told: " ".join(f"{name}={one}" for name, one in told.items())\n',
        ),
        noticed_by=("security/test_gates.py::test_a_line_end_in_what_is_logged_makes_no_further_line",),
    ),
    without(
        "4.13",
        "the triggers of what is never changed",
        Change(f"{MIGRATIONS}/0001_everything.py", REFUSAL, "SELECT 1"),
        Change(f"{MIGRATIONS}/0004_living_content.py", REFUSAL, "SELECT 1"),
        noticed_by=tuple(f"{CHANGED}[{table}]" for table in ("SnapshotRow", "DraftRevisionRow", "PublicationRow")),
    ),
    without(
        "4.13",
        "the triggers of histories, of the trail and of what was published",
        Change(f"{MIGRATIONS}/0005_trust.py", REFUSAL, "SELECT 1"),
        noticed_by=(
            *(f"{CHANGED}[{table}]" for table in TRUSTED),
            "storage/test_migrations.py::test_history_refuses_to_be_deleted",
            "services/test_trail.py::test_events_can_neither_be_changed_nor_removed",
            "services/test_releasing.py::test_the_stored_result_can_neither_be_changed_nor_removed",
        ),
    ),
)

CLIENTS: tuple[Defence, ...] = (
    without(
        "4.14",
        "room for more connections than anybody holds open by the way",
        IMPATIENT,
        Change(LISTENING, "CONNECTIONS = 1000", "CONNECTIONS = 20"),
        noticed_by=(
            f"{SLOW}::test_half_open_connections_stop_nobody[silence]",
            f"{SLOW}::test_readers_that_do_not_read_stop_nobody",
        ),
    ),
    without(
        "4.14",
        "the time within which a request must have arrived",
        Change(LISTENING, "elif now - self._arriving_since > ARRIVES_WITHIN:", "elif False:"),
        noticed_by=(f"{SLOW}::test_a_request_that_drips_in_without_end_is_ended",),
    ),
    without(
        "4.14",
        "the loop of the TLS front that waits for nobody",
        Change(
            "app/cli/tls_front.py",
            "        if len(self.clients) >= self._most or peer is None:\n",
            "        while self.clients:\n            await asyncio.sleep(0.01)\n        if peer is None:\n",
        ),
        Change(
            "tests/services/test_serving_tls.py",
            "self.port, timeout=10, context=device",
            "self.port, timeout=3, context=device",
        ),
        noticed_by=("services/test_serving_tls.py::test_half_open_connections_stop_nobody[half a head]",),
    ),
)

KEYS: tuple[Defence, ...] = (
    without(
        "4.16",
        "the least length of a secret key",
        Change("app/settings.py", "    if min(map(len, keys)) < SHORTEST_SECRET_KEY:\n", "    if False:\n"),
        noticed_by=("unit/test_settings.py::test_a_short_secret_key_is_refused",),
    ),
    without(
        "4.16",
        "a key of its own for each installation",
        Change("app/settings.py", "file.write(secrets.token_urlsafe(48))", 'file.write("crm-maturity" * 4)'),
        noticed_by=("unit/test_settings.py::test_no_two_installations_have_the_same_secret_key",),
    ),
    without(
        "4.16",
        "the forgetting of former keys",
        Change(
            "app/services/secret_keys.py", "    _write(path, (current,))\n", "    _write(path, (current, *former))\n"
        ),
        noticed_by=(
            "security/test_secret_keys.py::"
            "test_after_a_rotation_everybody_stays_signed_in_and_the_former_key_signs_nothing_new",
        ),
    ),
)

ROWS = (*HISTORY, *CLIENTS, *KEYS)
