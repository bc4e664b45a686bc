"""Publishing a draft: checked against the whole library as it would be, then stored for ever as a version.

The long part (`prepare_publication`: reading all content with the candidate laid over it) needs no writing
transaction; `publish_prepared` stores what was prepared, where nothing has changed since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.content.layering import ContentKind, Edition
from app.content.proofing import Content, LintResult, hash_of, lint_draft
from app.content.version_steps import FIRST, next_version, same_apart_from_version, step_between, with_version
from app.content.versions import Version
from app.core.diff import FrameworkDiff, Step, diff
from app.core.errors import Fault, FaultsFound
from app.core.framework import Framework, WeightProfile
from app.core.questionnaire import Questionnaire
from app.core.questionnaire_diff import QuestionnaireDiff, questionnaire_diff
from app.core.weights_diff import WeightsDiff, weights_diff
from app.services import trail
from app.services.content_files import content_files, content_versions, newest_version
from app.services.drafting import PUBLISHED, DraftView, get_draft
from app.services.permissions import Action, require
from app.services.refusals import Invalid
from app.storage import drafts as drafts_store
from app.storage import publications as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.services.shelf import Shelf
    from app.storage.database import Session

ContentDiff = FrameworkDiff | QuestionnaireDiff | WeightsDiff

FAULTS, OVERTAKEN, NOTHING_CHANGED = "faults", "overtaken", "nothing-changed"
LONGEST_NOTE = 2000
FIRST_STEP = "first"


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a draft would do. `old` and `newest`: what it comes after, None for a first version.

    `step` is the least step that fits the change, `proposed` the version that would be taken (None while the draft
    has faults). `obstacles`: faults, overtaken (somebody published meanwhile: compare and choose first),
    nothing-changed. `elsewhere` are faults that other content would have by it, errors and new warnings.
    """

    draft: DraftView
    lint: LintResult
    newest: str | None
    old: Content | None
    changes: ContentDiff | None
    step: Step
    proposed: str | None
    obstacles: tuple[str, ...]
    elsewhere: tuple[Fault, ...] = ()

    @property
    def possible(self) -> bool:
        """Tell whether it can be published as it is."""
        return not self.obstacles and not any(fault.severity == "error" for fault in self.elsewhere)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication that was found in order, and what it was found in: the draft's save and the newest publication."""

    edition: Edition
    note: str
    step: str
    based_on: str | None
    draft_id: int
    draft_version: int
    after_publication: int


@dataclass(frozen=True, slots=True)
class Published:
    """What was published."""

    id: int
    kind: ContentKind
    key: str
    version: str
    hash: str


def preview_publication(session: Session, draft_id: int, *, shelf: Shelf, actor: Actor) -> Preview:
    """Return what publishing a draft would do and what stands in its way; NotFound, NotPermitted. Writes nothing."""
    require(actor, Action.REVISE)
    draft, library = get_draft(session, draft_id, actor), shelf.renew()
    found = _judged(session, draft, library)
    if found.obstacles or found.proposed is None:
        return found
    elsewhere = _elsewhere(session, _edition(found, found.proposed, library), library, shelf)
    return Preview(
        draft=found.draft,
        lint=found.lint,
        newest=found.newest,
        old=found.old,
        changes=found.changes,
        step=found.step,
        proposed=found.proposed,
        obstacles=found.obstacles,
        elsewhere=elsewhere,
    )


def prepare_publication(
    session: Session, draft_id: int, *, version: str, note: str, shelf: Shelf, actor: Actor
) -> Prepared:
    """Check everything that publishing a draft under a version needs; a reading session is enough.

    FaultsFound where the draft or, by it, other content has errors. Invalid: `draft` (draft-closed, draft-overtaken,
    nothing-changed), `version` (bad-version, version-published with both hashes, version-not-newer, step-too-small),
    `note` (note-missing, note-too-long).
    """
    require(actor, Action.REVISE)
    draft, library = get_draft(session, draft_id, actor), shelf.renew()
    if draft.outcome is not None:
        raise Invalid("draft", "draft-closed", f"the draft {draft_id} was {draft.outcome}", outcome=draft.outcome)
    found = _judged(session, draft, library)
    if found.lint.content is None:
        raise FaultsFound(found.lint.faults)
    _refuse_obstacles(found)
    wanted = found.proposed if draft.kind is ContentKind.WEIGHTS and found.proposed else version.strip()
    if draft.kind is not ContentKind.WEIGHTS:
        _check_version(session, found, wanted, library)
    edition = _edition(found, wanted, library)
    shelf.library_with(session, edition)
    return Prepared(
        edition=edition,
        note=_checked_note(note),
        step=FIRST_STEP if found.newest is None else _name(found.step, found.newest, wanted, draft.kind),
        based_on=found.newest,
        draft_id=draft.id,
        draft_version=draft.version,
        after_publication=store.newest_publication(session),
    )


def publish_prepared(session: Session, prepared: Prepared, *, actor: Actor, clock: Clock) -> Published:
    """Store a prepared publication and close its draft. After the commit the shelf is to be renewed.

    Invalid (`draft`, publication-changed-meanwhile) where the draft or what was published has changed since it was
    prepared: nothing was stored, prepare it anew.
    """
    require(actor, Action.REVISE)
    draft = get_draft(session, prepared.draft_id, actor)
    unchanged = draft.outcome is None and draft.version == prepared.draft_version
    if not unchanged or store.newest_publication(session) != prepared.after_publication:
        raise Invalid("draft", "publication-changed-meanwhile", "the draft or the published content has changed")
    edition, at = prepared.edition, clock()
    publication_id = store.insert_publication(
        session,
        kind=edition.kind.value,
        key=edition.key,
        version=edition.version,
        hash=edition.hash,
        files=edition.files,
        note=prepared.note,
        step=prepared.step,
        based_on=prepared.based_on,
        published_at=at,
        published_by=actor.user_id,
    )
    drafts_store.close(session, draft.id, outcome=PUBLISHED, at=at)
    trail.record(
        session,
        trail.Event.CONTENT_PUBLISHED,
        actor=actor,
        clock=clock,
        about=("publication", publication_id),
        details={"kind": edition.kind.value, "key": edition.key, "version": edition.version, "hash": edition.hash},
    )
    return Published(publication_id, edition.kind, edition.key, edition.version, edition.hash)


def published_content(library: Library, session: Session, kind: ContentKind, key: str, version: str) -> Content | None:
    """Return a published version as the library has it; None where it cannot be read any more."""
    if kind is ContentKind.FRAMEWORK:
        return library.framework(f"{key}@{version}") if version in library.versions(key) else None
    if kind is ContentKind.QUESTIONNAIRE:
        return library.find_questionnaire(f"{key}@{version}")
    return lint_draft(kind, key, content_files(library, session, kind, key, version), library).profile


def content_diff(old: Content, new: Content) -> ContentDiff:
    """Compare two versions of one content."""
    if isinstance(old, Framework) and isinstance(new, Framework):
        return diff(old, new)
    if isinstance(old, Questionnaire) and isinstance(new, Questionnaire):
        return questionnaire_diff(old, new)
    if isinstance(old, WeightProfile) and isinstance(new, WeightProfile):
        return weights_diff(old, new)
    raise TypeError("two kinds of content cannot be compared")


def needed_step(old: Content, new: Content, changes: ContentDiff) -> Step:
    """Return the least step that fits; what no list of changes names (`replaces`, say) needs a patch."""
    if changes.step is Step.NONE and not _same(old, new):
        return Step.PATCH
    return changes.step


# --- the parts -------------------------------------------------------------------------------------------------------


def _judged(session: Session, draft: DraftView, library: Library) -> Preview:
    """Return the preview as far as the draft itself tells."""
    lint = lint_draft(draft.kind, draft.key, draft.files, library)
    newest = newest_version(library, session, draft.kind, draft.key)
    old = published_content(library, session, draft.kind, draft.key, newest) if newest is not None else None
    new = lint.content
    obstacles = [FAULTS] if new is None else []
    if newest != draft.base_version:
        obstacles.append(OVERTAKEN)
    changes, step = None, Step.NONE
    if old is not None and new is not None:
        changes = content_diff(old, new)
        step = needed_step(old, new, changes)
        if step is Step.NONE:
            obstacles.append(NOTHING_CHANGED)
    proposed = _proposed(new, newest, step)
    return Preview(draft, lint, newest, old, changes, step, proposed, tuple(obstacles))


def _proposed(new: Content | None, newest: str | None, step: Step) -> str | None:
    """Return the version that is written in the draft where it fits, else the least that does."""
    if new is None:
        return None
    if isinstance(new, WeightProfile):
        return str(int(newest or "0") + 1)
    if newest is None:
        return new.version or FIRST
    fits = step_between(newest, new.version) >= max(step, Step.PATCH)
    return new.version if fits else next_version(newest, step)


def _edition(found: Preview, version: str, library: Library) -> Edition:
    """Return the candidate: the files that belong to the draft's content, its version written into them."""
    draft = found.draft
    files = {name: draft.files[name] for name in found.lint.used}
    if draft.kind is ContentKind.WEIGHTS:
        return Edition(draft.kind, draft.key, version, found.lint.hash or "", files)
    head = next(iter(files))
    text = with_version(files[head], version)
    numbered = {**files, head: text} if text is not None else files
    lint = lint_draft(draft.kind, draft.key, numbered, library)
    if lint.content is None or getattr(lint.content, "version", None) != version:
        raise Invalid(
            "version", "version-unwritable", f"the version {version} cannot be written into {head}", name=head
        )
    return Edition(draft.kind, draft.key, version, lint.hash or "", numbered)


def _elsewhere(session: Session, edition: Edition, library: Library, shelf: Shelf) -> tuple[Fault, ...]:
    """Return the errors that all content would have with the candidate, and the warnings that it would add."""
    try:
        with_it = shelf.library_with(session, edition)
    except FaultsFound as found:
        return found.errors
    known = {(fault.code, fault.values) for fault in library.collection.faults.sorted()}
    own = set(edition.files)
    return tuple(
        fault
        for fault in with_it.collection.faults.sorted()
        if (fault.code, fault.values) not in known and (fault.file or "").rpartition("/")[2] not in own
    )


def _refuse_obstacles(found: Preview) -> None:
    if OVERTAKEN in found.obstacles:
        newest = found.newest or ""
        raise Invalid("draft", "draft-overtaken", f"{newest} was published after the draft was begun", newest=newest)
    if NOTHING_CHANGED in found.obstacles:
        raise Invalid("draft", NOTHING_CHANGED, "the draft says what is published already")


def _check_version(session: Session, found: Preview, version: str, library: Library) -> None:
    draft = found.draft
    if Version.parse(version) is None:
        raise Invalid("version", "bad-version", f"{version!r} is not a version", version=version)
    if found.newest is None:
        return
    if version in content_versions(library, session, draft.kind, draft.key):
        there = published_content(library, session, draft.kind, draft.key, version)
        published, now = (hash_of(there) if there is not None else "–"), found.lint.hash or "–"
        message = f"version {version} is published with other content: published {published}, now {now}"
        raise Invalid("version", "version-published", message, version=version, published=published, now=now)
    step = step_between(found.newest, version)
    if step is Step.NONE:
        message = f"{version} is not newer than {found.newest}"
        raise Invalid("version", "version-not-newer", message, version=version, newest=found.newest)
    if step < found.step:
        least = next_version(found.newest, found.step)
        message = f"the change needs at least {least}"
        raise Invalid("version", "step-too-small", message, least=least, step=found.step.name.lower())


def _checked_note(note: str) -> str:
    written = note.strip()
    if not written:
        raise Invalid("note", "note-missing", "a publication needs a note")
    if len(written) > LONGEST_NOTE:
        raise Invalid("note", "note-too-long", f"a note has at most {LONGEST_NOTE} characters", most=str(LONGEST_NOTE))
    return written


def _name(step: Step, newest: str, version: str, kind: ContentKind) -> str:
    taken = step if kind is ContentKind.WEIGHTS else step_between(newest, version)
    return taken.name.lower()


def _same(old: Content, new: Content) -> bool:
    if isinstance(old, WeightProfile) or isinstance(new, WeightProfile):
        return old == new
    return same_apart_from_version(old, new)
