"""The log of a whole session: one JSON object per line, with its request's number, without a word anybody wrote."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import configure_logging
from app.services.permissions import Role
from tests.acting import acting
from tests.application import Built
from tests.services.holding import ELEMENT, hold
from tests.web.conftest import PASSWORD, Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock

SECRETS = ("绝密备注", "理由不能外传", "王受访者", "发现不能外传", "搜索的词", PASSWORD, "wrong horse battery")
NUMBER = re.compile(r"[0-9a-f]{8}")


@pytest.fixture(scope="module")
def built(compiled_templates: Path) -> Built:
    """An application that logs every request, as the server's does."""
    return Built(compiled_templates, logs_requests=True)


def test_a_session_is_logged_by_numbers_alone(  # noqa: PLR0917 - the parts of an installation
    consultant: Visitor,
    stranger: Visitor,
    web_database: Database,
    library: Library,
    clock: FixedClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    who = acting(2, "consultant", "consultant", Role.CONSULTANT)
    configure_logging()
    held = hold(web_database, library, clock, ann=who, bo=who)
    stranger.post("/sign-in", {"name": "consultant", "password": SECRETS[6]})
    stranger.post("/sign-in", {"name": "consultant", "password": PASSWORD})
    token = consultant.token()
    consultant.client.put(
        f"/api/interviews/{held.interview_id}/answers/{ELEMENT}",
        json={"mutation_id": "mutation-1", "base_version": 0, "set": {"score": "2", "note": SECRETS[0]}},
        headers={"X-CSRFToken": token},
    )
    consultant.post(f"/interview/{held.interview_id}/particulars", {"respondent": SECRETS[2]})
    consultant.post(f"/assessments/{held.assessment_id}/findings/{ELEMENT}", {"text_zh": SECRETS[3], "version": "1"})
    consultant.post(f"/assessments/{held.assessment_id}/finish/send-back", {"words": SECRETS[1]})
    consultant.get(f"/search?q={SECRETS[4]}")
    consultant.get(f"/engagements/china-telecom-2003/assessments/{held.assessment_id}/export?names=1")
    consultant.get("/users")
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert len(lines) == len(written.splitlines()), "every line is one JSON object"
    assert len(requests) >= 9
    assert all(NUMBER.fullmatch(line["request"]) and line["timestamp"].endswith("Z") for line in requests)
    assert {line["status"] for line in requests} >= {200, 303, 403}
    assert [secret for secret in SECRETS if secret in written] == []
    assert "?" not in "".join(line["path"] for line in requests)
    with web_database.read() as session:
        from app.services.trail_filter import Scope
        from app.services.trail_reading import read_trail

        events = [one for one in read_trail(session, Scope(), hears=True).entries if one.request]
    assert {one.kind for one in events} >= {"export.done", "access.denied", "sign-in.done", "sign-in.failed"}
    numbers = {line["request"] for line in requests}
    assert all(one.request in numbers for one in events), "log and trail know a request by the same number"
    assert [secret for secret in SECRETS if secret in str([one.details for one in events])] == []
