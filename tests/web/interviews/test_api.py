"""The interface that the scripts save through: statuses, tokens, and what is never lost."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.services.holding import ELEMENT, Held

if TYPE_CHECKING:
    from tests.web.interviews.conftest import Visitor


def address(held: Held, element: str = ELEMENT) -> str:
    return f"/api/interviews/{held.interview_id}/answers/{element}"


def body(changes: dict[str, Any], *, base: int = 0, mutation_id: str | None = None) -> dict[str, Any]:
    return {"mutation_id": mutation_id or uuid.uuid4().hex, "base_version": base, "set": changes}


def test_a_save_is_told_with_its_version_and_time(ann: Visitor, held: Held) -> None:
    answer = ann.put(address(held), body({"state": "scored", "score": "3.5"}))
    assert answer.status_code == 200
    assert answer.json == {"version": 1, "merged": False, "others": {}, "at": held.clock().isoformat()}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_replayed_save_is_told_the_same(ann: Visitor, held: Held) -> None:
    sent = body({"score": "3.5"})
    assert ann.put(address(held), sent).json == ann.put(address(held), sent).json


def test_a_merge_tells_what_others_changed(ann: Visitor, held: Held) -> None:
    held.save({"note": "对方的"}, by=held.bo)
    answer = ann.put(address(held), body({"score": "3.5"}))
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["merged"], answer.json["others"]) == (True, {"note": "对方的"})


def test_a_conflict_is_409_with_both_answers_who_and_when(ann: Visitor, held: Held) -> None:
    held.save({"score": "2.5"}, by=held.bo)
    answer = ann.put(address(held), body({"score": "3.5"}))
    assert answer.status_code == 409
    assert answer.json == {
        "version": 1,
        "mine": {"state": "scored", "score": "3.5"},
        "theirs": {"state": "scored", "score": "2.5"},
        "by": held.bo.display_name,
        "at": held.clock().isoformat(),
    }


def test_what_cannot_be_stored_is_422_with_every_reason(ann: Visitor, held: Held) -> None:
    answer = ann.put(address(held), body({"score": True, "note": "a\x00b", "colour": "red"}))
    assert answer.status_code == 422
    assert answer.json is not None
    assert sorted(fault["code"] for fault in answer.json["faults"]) == ["A101", "A104", "A108"]
    assert all(fault["message"] for fault in answer.json["faults"])


def test_a_closed_interview_is_423_with_the_reason(ann: Visitor, held: Held) -> None:
    held.close()
    answer = ann.put(address(held), body({"score": "3"}))
    assert answer.status_code == 423
    assert answer.json is not None
    assert answer.json["why"] == "interview-closed"
    assert "已结束" in answer.json["message"]


def test_the_current_answer_can_be_read_again(ann: Visitor, held: Held) -> None:
    held.save({"score": "2.5", "note": "一"})
    answer = ann.get(address(held))
    assert answer.json is not None
    assert (answer.json["version"], answer.json["said"]["score"], answer.json["said"]["note"]) == (1, "2.5", "一")
    untouched = ann.get(address(held, "data-query-reporting"))
    assert untouched.json is not None
    assert (untouched.json["version"], untouched.json["said"]["state"]) == (0, "open")


def test_strangers_and_readers_save_nothing(stranger: Visitor, reader: Visitor, held: Held) -> None:
    assert stranger.put(address(held), body({"score": "3"})).status_code == 401
    assert stranger.get("/api/ping").status_code == 401
    assert reader.put(address(held), body({"score": "3"})).status_code == 403
    assert reader.get(address(held)).status_code == 403


def test_a_save_without_a_token_is_refused_and_ping_gives_a_good_one(ann: Visitor, held: Held) -> None:
    refused = ann.put(address(held), body({"score": "3"}), token="")
    assert refused.status_code == 400
    assert refused.json is not None
    assert refused.json["error"] == "csrf"
    who = ann.get("/api/ping").json
    assert who is not None
    assert who["user"] == held.ann.user_id
    assert ann.put(address(held), body({"score": "3"}), token=who["csrf"]).status_code == 200


def test_a_save_from_another_site_is_refused(ann: Visitor, held: Held) -> None:
    answer = ann.client.put(
        address(held),
        json=body({"score": "3"}),
        headers={"X-CSRFToken": ann.token(), "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        [],
        {},
        {"mutation_id": "x" * 8, "base_version": 0},
        {"mutation_id": 5, "base_version": 0, "set": {}},
        {"mutation_id": "x" * 8, "base_version": True, "set": {}},
        {"mutation_id": "x" * 8, "base_version": 0, "set": []},
        {"mutation_id": "x" * 8, "base_version": 0, "set": {}, "user": 2},
    ],
)
def test_a_body_of_another_shape_is_400(ann: Visitor, held: Held, sent: object) -> None:
    assert ann.put(address(held), sent).status_code == 400


@pytest.mark.parametrize("mutation_id", ["short", "x" * 65, "blank space"])
def test_a_mutation_id_of_another_shape_is_422(ann: Visitor, held: Held, mutation_id: str) -> None:
    assert ann.put(address(held), body({"score": "3"}, mutation_id=mutation_id)).status_code == 422


def test_a_version_that_no_answer_reaches_is_422(ann: Visitor, held: Held) -> None:
    assert ann.put(address(held), body({"score": "3"}) | {"base_version": 2**63}).status_code == 422


def test_a_body_nested_without_end_is_400(ann: Visitor, held: Held) -> None:
    headers = {"X-CSRFToken": ann.token(), "Content-Type": "application/json"}
    assert ann.client.put(address(held), data="[" * 50_000, headers=headers).status_code == 400


def test_other_content_types_and_huge_bodies_are_refused(ann: Visitor, held: Held) -> None:
    headers = {"X-CSRFToken": ann.token()}
    assert ann.client.put(address(held), data="{}", headers=headers).status_code == 415
    assert ann.put(address(held), body({"note": "长" * 200_000})).status_code == 413


def test_what_is_not_there_is_404(ann: Visitor, held: Held) -> None:
    assert ann.put("/api/interviews/9999/answers/x", body({"score": "3"})).status_code == 404
    assert ann.put(address(held, "collect-data"), body({"score": "3"})).status_code == 404
