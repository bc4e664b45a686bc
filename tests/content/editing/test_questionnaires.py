"""Questionnaires changed by forms: what is asked for changes, everything else stays byte for byte."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from fractions import Fraction

import pytest

from app.content.editing.questionnaires import (
    Line,
    ask,
    asked_and_omitted,
    omit,
    remove_question,
    remove_role,
    set_condition,
    set_lines,
    set_question,
    set_role,
    set_roles,
)
from app.content.editing.refusals import EditRefused
from app.content.layering import ContentKind
from app.content.library import Library
from app.content.proofing import lint_draft
from app.core.questionnaire import (
    Band,
    Comparison,
    Condition,
    EvidencePrompt,
    Item,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Role,
)
from app.core.text import Text
from app.settings import CHECKOUT

GUIDE, SELF = "telecom-crm-interview", "telecom-crm-self-assessment"
FIRST = "customer-data-strategy"
RULE = Condition(
    "all",
    (
        Comparison("information-sharing", "gte", Fraction(2)),
        Condition("not", (Comparison("roles-governance", "scored"),)),
    ),
)


def text_of(name: str) -> str:
    return (CHECKOUT / "questionnaires" / f"{name}.yaml").read_text("utf-8")


def said(text: str, library: Library, name: str) -> Questionnaire:
    result = lint_draft(ContentKind.QUESTIONNAIRE, name, {"q.yaml": text}, library)
    assert result.questionnaire is not None, result.errors
    return result.questionnaire


def changed(before: str, after: str) -> list[str]:
    """Return the lines that went (-) and came (+)."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_roles_of_items_change_in_their_own_lines(library: Library) -> None:
    before = text_of(GUIDE)
    after = set_roles(before, {FIRST: ["billing"], "internal-data-collection": []})
    assert said(after, library, GUIDE).item(FIRST).roles == ("billing",)
    assert said(after, library, GUIDE).item("internal-data-collection").roles == ()
    assert len(changed(before, after)) == 3
    same = {one.element: one.roles for one in said(before, library, GUIDE).items}
    assert set_roles(before, same) == before


def test_prompts_stay_as_written_change_come_and_go(library: Library) -> None:
    before = text_of(GUIDE)
    prompts = said(before, library, GUIDE).item(FIRST).prompts
    kept = [Line(prompt, number) for number, prompt in enumerate(prompts)]
    assert set_lines(before, FIRST, "prompts", kept) == before
    new = Line(Text("新问法？", "A new one?"))
    after = set_lines(before, FIRST, "prompts", [new, Line(Text(prompts[2].zh, "Other: words"), 2), kept[0]])
    assert said(after, library, GUIDE).item(FIRST).prompts == (
        new.text,
        Text(prompts[2].zh, "Other: words"),
        prompts[0],
    )
    gone = set_lines(before, FIRST, "prompts", [])
    assert said(gone, library, GUIDE).item(FIRST).prompts == ()
    assert said(set_lines(gone, FIRST, "prompts", [new]), library, GUIDE).item(FIRST).prompts == (new.text,)


def test_evidence_keeps_its_ids_or_loses_them(library: Library) -> None:
    before = text_of(GUIDE)
    evidence = said(before, library, GUIDE).item(FIRST).evidence
    lines = [
        Line(evidence[1].text, 1, evidence[1].id),
        Line(Text("一张表", None), None, "sheet"),
        Line(evidence[0].text, 0),
    ]
    after = set_lines(before, FIRST, "evidence", lines)
    assert said(after, library, GUIDE).item(FIRST).evidence == (
        evidence[1],
        EvidencePrompt(Text("一张表"), "sheet"),
        EvidencePrompt(evidence[0].text),
    )


def test_a_rule_is_set_replaced_and_taken_away_with_its_comment_kept(library: Library) -> None:
    before = text_of(SELF)
    after = set_condition(before, "partner-integration", RULE)
    assert said(after, library, SELF).item("partner-integration").when == RULE
    assert len(changed(before, after)) == 2
    assert "nobody who has just said" in after
    assert (
        said(set_condition(after, "partner-integration", None), library, SELF).item("partner-integration").when is None
    )
    assert (
        said(set_condition(before, "capacity-for-change", RULE), library, SELF).item("capacity-for-change").when == RULE
    )


QUESTIONS = [
    Question(
        "q",
        QuestionType.CHOICE,
        Text("吗？", "Is it?"),
        Fraction(2),
        None,
        (Option("no", Text("否", "No"), Fraction(0)), Option("yes", Text("是：全"), Fraction(5))),
    ),
    Question(
        "q",
        QuestionType.CHECKLIST,
        Text("哪些？"),
        Fraction(1),
        None,
        (Option("a", Text("甲"), weight=Fraction(2)), Option("b", Text("乙"))),
    ),
    Question(
        "q",
        QuestionType.NUMBER,
        Text("多少？"),
        Fraction(1),
        "%",
        (),
        (Band(Fraction(1), Fraction(60)), Band(Fraction(5))),
    ),
    Question("q", QuestionType.SCALE, Text("几分？", "How much?")),
    Question("q", QuestionType.TEXT, Text("还有什么？", "What else?")),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.type.value)
def test_a_question_of_any_type_comes_changes_and_goes(question: Question, library: Library) -> None:
    before = text_of(SELF)
    for element in (FIRST, "information-sharing"):
        after = set_question(before, element, question)
        assert said(after, library, SELF).item(element).questions[-1] == question
        assert set_question(after, element, question) == after
        assert remove_question(after, element, "q") == before
        other = set_question(after, element, QUESTIONS[3])
        assert said(other, library, SELF).item(element).questions[-1] == QUESTIONS[3]


def test_an_element_is_omitted_and_asked_again_at_its_place(library: Library) -> None:
    before = text_of(SELF)
    without = omit(before, "information-sharing")
    assert asked_and_omitted(without)[1] == ("information-sharing",)
    assert said(without, library, SELF).omit == ("information-sharing",)
    again = said(ask(without, "information-sharing", ["roles-governance"]), library, SELF)
    assert [item.element for item in again.items] == [item.element for item in said(before, library, SELF).items]
    assert again.omit == ()


def test_roles_come_change_and_go_from_every_item(library: Library) -> None:
    before = text_of(GUIDE)
    after = set_role(before, "new-role", Text("新角色", "New"), level="province", weight=Fraction("0.5"))
    assert said(after, library, GUIDE).roles[-1] == Role("new-role", Text("新角色", "New"), "province", Fraction("0.5"))
    renamed = set_role(before, "billing", Text("计费"), level=None, weight=Fraction(1))
    assert said(renamed, library, GUIDE).role("billing") == Role("billing", Text("计费"))
    gone = said(remove_role(before, "finance"), library, GUIDE)
    assert "finance" not in {role.id for role in gone.roles} | {one for item in gone.items for one in item.roles}


BARE = (
    "format: 1\nkind: questionnaire\nid: q\nroles: [{id: staff, name: 员工}]\n"
    "items:\n  - {element: a, roles: [staff]}\n"
)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("no-such-item", lambda text: set_roles(text, {"b": []})),
        ("no-such-item", lambda text: omit(text, "b")),
        ("last-item", lambda text: omit(text, "a")),
        ("item-there", lambda text: ask(text, "a")),
        ("no-such-role", lambda text: remove_role(text, "boss")),
        ("last-role", lambda text: remove_role(text, "staff")),
        ("no-such-question", lambda text: remove_question(text, "a", "q")),
        ("no-questionnaire", lambda text: omit("- a\n", "a")),
        ("no-items", lambda text: ask("id: q\n", "a")),
    ],
)
def test_what_makes_no_sense_is_refused(code: str, change: Callable[[str], str]) -> None:
    with pytest.raises(EditRefused) as refused:
        change(BARE)
    assert refused.value.code == code


def test_an_item_in_braces_takes_prompts_and_rules_too(library: Library) -> None:
    after = set_lines(BARE, "a", "prompts", [Line(Text("问？", "Ask?"))])
    after = set_condition(after, "a", Comparison("b", "scored"))
    assert "{element: a, roles: [staff], prompts: [{zh: 问？, en: Ask?}], when: {answer: b, scored: true}}" in after
    assert isinstance(said(text_of(GUIDE), library, GUIDE).items[0], Item)
