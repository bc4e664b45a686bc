"""Revising a questionnaire by forms: every change is made in the draft's file, where nothing else moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.content.editing.mappings import plain
from app.content.editing.questionnaires import asked_and_omitted
from app.content.editing.refusals import EditRefused
from app.content.editing.sequences import TooEntangled
from app.content.editing.sound_parts import sound_questionnaire
from app.content.editing.spans import Unreadable
from app.content.editing.writing import entry
from app.content.layering import ContentKind
from app.content.library import UnknownReference
from app.content.proofing import LintResult, lint_draft
from app.core.framework import Framework
from app.core.questionnaire import Mode, Questionnaire
from app.core.text import Text
from app.services.drafting import FORM, Conflict, DraftView, Saved, begin_new_draft, get_draft, save_file
from app.services.refusals import Invalid, NotFound

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

LONGEST = 4000  # characters of one text


@dataclass(frozen=True, slots=True)
class QuestionnaireDraft:
    """A draft of a questionnaire: what it says where it can be used, what is wrong, what it leaves out.

    `missing` are the elements of the framework that are neither asked nor omitted; `unreadable` tells where the YAML
    cannot be read: then no form can change it. Where errors lie in items only, `sound` is the questionnaire without
    them, which forms can go on with, and `faulty` are their elements.
    """

    draft: DraftView
    lint: LintResult
    framework: Framework | None
    missing: tuple[str, ...]
    omitted: tuple[str, ...]
    unreadable: Unreadable | None = None
    sound: Questionnaire | None = None
    faulty: tuple[str, ...] = ()

    @property
    def questionnaire(self) -> Questionnaire | None:
        """What forms can change: everything, or what is sound of it; None where errors lie outside of its items."""
        return self.lint.questionnaire or self.sound

    @property
    def file(self) -> str:
        """The name of its one file."""
        return next(iter(self.draft.files))

    @property
    def text(self) -> str:
        """What its file says."""
        return self.draft.files[self.file]


def read_questionnaire_draft(session: Session, draft_id: int, *, library: Library, actor: Actor) -> QuestionnaireDraft:
    """Return a draft of a questionnaire; NotFound (also for a draft of something else), NotPermitted."""
    draft = get_draft(session, draft_id, actor)
    if draft.kind is not ContentKind.QUESTIONNAIRE or not draft.files:
        raise NotFound("questionnaire draft", draft_id)
    lint = lint_draft(draft.kind, draft.key, draft.files, library)
    try:
        asked, omitted = asked_and_omitted(next(iter(draft.files.values())))
        sound, faulty = _sound(draft, lint, library)
    except (EditRefused, Unreadable) as fault:
        unreadable = fault if isinstance(fault, Unreadable) else Unreadable(next(iter(draft.files)), 1, 1, str(fault))
        return QuestionnaireDraft(draft, lint, _framework(draft, lint.questionnaire, library), (), (), unreadable)
    framework = _framework(draft, lint.questionnaire or sound, library)
    known = {*asked, *omitted}
    leaves = framework.leaves if framework is not None else ()
    missing = tuple(leaf.id for leaf in leaves if leaf.id not in known)
    return QuestionnaireDraft(draft, lint, framework, missing, omitted, sound=sound, faulty=faulty)


def _sound(draft: DraftView, lint: LintResult, library: Library) -> tuple[Questionnaire | None, tuple[str, ...]]:
    """Return what is sound of a faulty questionnaire, and the elements whose items are not."""
    if not lint.errors:
        return None, ()
    file, text = next(iter(draft.files.items()))

    def check(changed: str) -> LintResult:
        return lint_draft(draft.kind, draft.key, {file: changed}, library)

    found = sound_questionnaire(text, lambda changed: check(changed).faults)
    if found is None:
        return None, ()
    return check(found.text).questionnaire, tuple(found.left_out)


def _framework(draft: DraftView, questionnaire: Questionnaire | None, library: Library) -> Framework | None:
    """Return the framework that a draft asks about: what it says, else what its published version said."""
    published = library.find_questionnaire(draft.key)
    said = questionnaire or published
    try:
        return library.framework(said.framework) if said is not None else None
    except UnknownReference:
        return None


def change_questionnaire(
    session: Session,
    draft_id: int,
    change: Callable[[str], str],
    *,
    base_version: int,
    actor: Actor,
    clock: Clock,
) -> Saved | Conflict:
    """Change the file of a draft. A Conflict must be committed: it keeps what was refused.

    Raises Invalid (what the change refuses; `too-entangled`, `unreadable`), NotFound, NotPermitted.
    """
    draft = get_draft(session, draft_id, actor)
    name, text = next(iter(draft.files.items()))
    try:
        changed = change(text)
    except EditRefused as refused:
        raise Invalid(refused.field, refused.code, str(refused), **refused.values) from refused
    except TooEntangled as entangled:
        raise Invalid("", "too-entangled", str(entangled)) from entangled
    except Unreadable as fault:
        raise Invalid("", "unreadable", str(fault), line=str(fault.line)) from fault
    return save_file(session, draft_id, name, changed, base_version=base_version, actor=actor, clock=clock, kind=FORM)


def begin_questionnaire(
    session: Session,
    key: str,
    framework: Framework,
    name: Text,
    mode: Mode,
    *,
    library: Library,
    actor: Actor,
    clock: Clock,
) -> DraftView:
    """Begin a questionnaire that asks every element of a framework on its scale.

    Raises Invalid (`key`: `bad-id`, `taken`, `draft-open`; `name`: `empty`), NotPermitted.
    """
    if not name.zh:
        raise Invalid("name", "empty", "a questionnaire needs a name")
    text = _skeleton(key, framework, name, mode)
    return begin_new_draft(
        session, ContentKind.QUESTIONNAIRE, key, {f"{key}.yaml": text}, library=library, actor=actor, clock=clock
    )


def _skeleton(key: str, framework: Framework, name: Text, mode: Mode) -> str:

    major = int(framework.version.split(".")[0])
    head = {
        "format": 1,
        "kind": "questionnaire",
        "id": key,
        "framework": f"{framework.id}@>={framework.version},<{major + 1}",
        "version": "1.0.0",
        "name": name,
        "mode": mode.value,
    }
    lines = ["# yaml-language-server: $schema=../frameworks/schema/questionnaire.schema.json"]
    lines += [line for field, value in head.items() for line in entry(field, plain(value))]
    return "\n".join([*lines, "items:", *_items(framework), ""])


def _items(framework: Framework) -> Sequence[str]:
    lines: list[str] = []
    for root in framework.capabilities:
        lines.append(f"  # {root.name.in_locale('zh')}")
        lines += [f"  - element: {leaf.id}" for leaf in framework.leaves_below(root.id)]
    return lines
