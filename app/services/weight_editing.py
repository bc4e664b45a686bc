"""Weight profiles revised by a form: begun from the framework's weights, and what they make of assessments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from app.content.editing.refusals import EditRefused
from app.content.editing.sound_parts import SoundPart, sound_weights
from app.content.editing.spans import Unreadable
from app.content.editing.weights import new_profile, set_weights
from app.content.layering import ContentKind
from app.content.proofing import LintResult, lint_draft
from app.content.versions import Reference, Version
from app.core.framework import Framework, WeightProfile
from app.core.text import Text
from app.core.weights import DEFAULT, EQUAL, weights_under
from app.services.assessing import AssessmentView, load_current
from app.services.drafting import FORM, Conflict, DraftView, Saved, begin_new_draft, get_draft, save_file
from app.services.engagements import EngagementView, list_engagements
from app.services.refusals import Invalid, NotFound

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class WeightDraft:
    """A draft of a weight profile for the newest version of its framework.

    Where errors lie in single weights only, `sound` is the profile without them, and `faulty` tells what is written
    there.
    """

    draft: DraftView
    lint: LintResult
    framework: Framework
    sound: WeightProfile | None = None
    faulty: Mapping[str, str] = field(default_factory=dict)

    @property
    def profile(self) -> WeightProfile | None:
        """The profile as it can be used, what is sound of it at least; None where errors lie outside of its weights."""
        return self.lint.profile or self.sound

    @property
    def weights(self) -> Mapping[str, Fraction]:
        """The weight of every capability, the framework's where the profile says nothing."""
        return weights_under(self.framework, self.profile)


@dataclass(frozen=True, slots=True)
class Weighed:
    """An assessment under the framework's weights and under a profile, with its place among its round's units."""

    before: AssessmentView
    after: AssessmentView
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True, slots=True)
class WeighedRound:
    """The current assessments of one round of an engagement under two sets of weights."""

    engagement: EngagementView
    round: Text
    rows: tuple[Weighed, ...]


def read_weight_draft(session: Session, draft_id: int, *, library: Library, actor: Actor) -> WeightDraft:
    """Return a draft of a weight profile; NotFound (also for a draft of something else), NotPermitted."""
    draft = get_draft(session, draft_id, actor)
    framework_id = draft.key.partition("/")[0]
    if draft.kind is not ContentKind.WEIGHTS or framework_id not in library.framework_ids():
        raise NotFound("weights draft", draft_id)
    lint = lint_draft(draft.kind, draft.key, draft.files, library)
    framework = library.framework(framework_id)
    found = _sound(draft, library) if lint.errors else None
    if found is None:
        return WeightDraft(draft, lint, framework)
    file = next(iter(draft.files))
    sound = lint_draft(draft.kind, draft.key, {file: found.text}, library).profile
    return WeightDraft(draft, lint, framework, sound, found.left_out)


def _sound(draft: DraftView, library: Library) -> SoundPart | None:
    """Return what is sound of a faulty profile; None where that cannot be told apart."""
    if not draft.files:
        return None
    file, text = next(iter(draft.files.items()))
    try:
        return sound_weights(text, lambda changed: lint_draft(draft.kind, draft.key, {file: changed}, library).faults)
    except Unreadable:
        return None


def begin_profile(
    session: Session,
    framework: Framework,
    profile_id: str,
    name: Text,
    *,
    start: str = DEFAULT,
    library: Library,
    actor: Actor,
    clock: Clock,
) -> DraftView:
    """Begin a profile from another one of the framework.

    Raises Invalid (`key`: `bad-id`, `taken`, `draft-open`; `name`: `empty`; `start`: `unknown-weights`), NotPermitted.
    """
    if not name.zh and not name.en:
        raise Invalid("name", "empty", "a weight profile needs a name")
    if profile_id in (DEFAULT, EQUAL):
        raise Invalid("key", "taken", f"{profile_id!r} is already in use", key=profile_id)
    profiles = library.weight_profiles(framework)
    if start not in profiles:
        raise Invalid("start", "unknown-weights", f"there is no weight profile {start!r}")
    own = weights_under(framework, None)
    weights = {node: weight for node, weight in profiles[start].weights.items() if weight != own[node]}
    text = new_profile(profile_id, _admitting(framework), name, None, weights)
    key = f"{framework.id}/{profile_id}"
    files = {f"{profile_id}.yaml": text}
    return begin_new_draft(session, ContentKind.WEIGHTS, key, files, library=library, actor=actor, clock=clock)


def _admitting(framework: Framework) -> str:
    major = int(framework.version.split(".")[0])
    return f"{framework.id}@>={major},<{major + 1}"


def change_weights(
    session: Session,
    found: WeightDraft,
    weights: Mapping[str, Fraction],
    name: Text,
    note: str | None,
    *,
    base_version: int,
    actor: Actor,
    clock: Clock,
) -> Saved | Conflict:
    """Write weights into a draft: those that differ from the framework's, and those that the profile names already.

    A Conflict must be committed. Raises Invalid (`negative`, `all-zero`, `empty`, `unreadable`), NotPermitted.
    """
    if not name.zh and not name.en:
        raise Invalid("name", "empty", "a weight profile needs a name")
    _check(found.framework, weights)
    own = weights_under(found.framework, None)
    named = {*(found.profile.weights if found.profile is not None else ()), *found.faulty}
    changed = {node: weight for node, weight in weights.items() if node in named or weight != own[node]}
    file, text = next(iter(found.draft.files.items()))
    try:
        text = set_weights(text, changed, name, note)
    except EditRefused as refused:
        raise Invalid(refused.field, refused.code, str(refused), **refused.values) from refused
    except Unreadable as fault:
        raise Invalid("", "unreadable", str(fault), line=str(fault.line)) from fault
    return save_file(
        session, found.draft.id, file, text, base_version=base_version, actor=actor, clock=clock, kind=FORM
    )


def _check(framework: Framework, weights: Mapping[str, Fraction]) -> None:
    for node, weight in weights.items():
        if node in framework and weight < 0:
            raise Invalid(node, "negative-weight", f"the weight of {node} is negative")
    families = [(None, framework.capabilities), *((node.id, node.children) for node in framework.walk())]
    for parent, children in families:
        if children and all(weights.get(child.id, child.weight) == 0 for child in children):
            raise Invalid(children[0].id, "all-zero", f"all weights below {parent} are 0")


def weigh(session: Session, framework: Framework, profile: WeightProfile) -> list[WeighedRound]:
    """Return what a profile makes of every current assessment that it fits, by engagement and round."""
    found: list[WeighedRound] = []
    for engagement in list_engagements(session):
        before = {view.id: view for view in load_current(session, engagement.id) if _fits(view, framework, profile)}
        if not before:
            continue
        after = {view.id: view for view in load_current(session, engagement.id, weights=profile) if view.id in before}
        rounds: dict[str, list[AssessmentView]] = {}
        for view in before.values():
            rounds.setdefault(view.round.key, []).append(view)
        found.extend(_round(engagement, views, after) for views in rounds.values())
    return found


def _fits(view: AssessmentView, framework: Framework, profile: WeightProfile) -> bool:
    wanted = Reference.parse(profile.framework or framework.id)
    if view.framework.id != framework.id or wanted is None:
        return False
    admitted = wanted.admits(Version.lenient(view.framework.version))
    return admitted and all(node in view.framework for node in profile.weights)


def _round(
    engagement: EngagementView, views: list[AssessmentView], after: Mapping[int, AssessmentView]
) -> WeighedRound:
    ranks_before = _ranks({view.id: view.scorecard.overall.score for view in views})
    ranks_after = _ranks({view.id: after[view.id].scorecard.overall.score for view in views})
    rows = tuple(Weighed(view, after[view.id], ranks_before.get(view.id), ranks_after.get(view.id)) for view in views)
    return WeighedRound(engagement, views[0].round.name, rows)


def _ranks(scores: Mapping[int, Fraction | None]) -> dict[int, int]:
    """Return places by falling score, equal scores sharing one; what has no score has no place."""
    known = {key: score for key, score in scores.items() if score is not None}
    return {key: 1 + sum(other > score for other in known.values()) for key, score in known.items()}
