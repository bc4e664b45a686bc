"""Personal links: made once, found by their token alone, ended, renewed; a lost database opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.services import interviewing, personal_links
from app.services.answering import InterviewClosed, save_answer
from app.services.engagements import archive_assessment, archive_engagement
from app.services.personal_links import LinkLine, LinkState, NewLink, Wanted
from app.services.refusals import Invalid, NotFound
from app.services.responding import save_own_answer, submit
from app.services.self_assessments import overview
from app.services.tokens import token_hash
from app.storage import personal_links as store
from tests.services.holding import GUIDE, consultant, fuzhou

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.permissions import Actor
    from app.storage.database import Database, Session
    from tests.conftest import FixedClock

SELF = "telecom-crm-self-assessment@1.1.0"
ELEMENT = "customer-segmentation"  # no scored questions: a level is chosen


@dataclass(frozen=True)
class Office:
    """Fuzhou's assessment, a consultant, and what is needed to hand links out."""

    database: Database
    library: Library
    clock: FixedClock
    assessment_id: int
    actor: Actor

    def make(self, *wanted: Wanted, days: int = 30, questionnaire: str = SELF) -> tuple[NewLink, ...]:
        with self.database.begin() as session:
            return personal_links.create_links(
                session,
                self.assessment_id,
                questionnaire=questionnaire,
                wanted=wanted or (Wanted("local-marketing", "受访者A"),),
                days=days,
                library=self.library,
                actor=self.actor,
                clock=self.clock,
            )

    def renew(self, made: NewLink) -> NewLink:
        with self.database.begin() as session:
            return personal_links.renew_link(
                session, self.assessment_id, made.interview_id, days=7, actor=self.actor, clock=self.clock
            )

    def opens(self, token: str) -> int | None:
        with self.database.read() as session:
            link_id = personal_links.link_of_token(session, token, clock=self.clock)
            link = link_id and personal_links.living_link(session, link_id, clock=self.clock)
            return link.interview_id if link else None

    def lines(self) -> tuple[LinkLine, ...]:
        with self.database.read() as session:
            return overview(session, self.assessment_id, clock=self.clock).lines

    def states(self) -> list[LinkState]:
        return [line.state for line in self.lines()]

    def score(self, made: NewLink, score: str = "3.0", element: str = ELEMENT) -> None:
        with self.database.begin() as session:
            save_own_answer(
                session,
                interview_id=made.interview_id,
                element=element,
                mutation_id=f"test-{made.interview_id}-{element}-{score}",
                base_version=0,
                changes={"state": "scored", "score": score},
                clock=self.clock,
            )

    def submit(self, made: NewLink) -> None:
        with self.database.begin() as session:
            submit(session, made.interview_id)


@pytest.fixture
def office(demo_database: Database, library: Library, clock: FixedClock) -> Office:
    with demo_database.begin() as session:
        return Office(demo_database, library, clock, fuzhou(session), consultant(session, "ann", clock))


def test_a_link_opens_its_own_interview_and_the_database_holds_no_token(office: Office) -> None:
    made = office.make(Wanted("local-marketing", "受访者A"), Wanted("billing"))
    assert [(one.role, one.label) for one in made] == [("local-marketing", "受访者A"), ("billing", None)]
    assert [office.opens(one.token) for one in made] == [one.interview_id for one in made]
    assert len({one.token for one in made}) == 2
    assert all(len(one.token) >= 43 for one in made)  # 256 bits in base64
    with office.database.read() as session:
        kept = store.newest_links(session, [one.interview_id for one in made])
        assert {link.token_hash for link in kept.values()} == {token_hash(one.token) for one in made}
        assert not {link.token_hash for link in kept.values()} & {one.token for one in made}


@pytest.mark.parametrize("token", ["", "x", "\ud800", "é" * 40, "a" * 5000])
def test_any_other_text_opens_nothing(office: Office, token: str) -> None:
    office.make()
    assert office.opens(token) is None


def test_a_link_expires(office: Office) -> None:
    (made,) = office.make(days=7)
    office.clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert office.opens(made.token) == made.interview_id
    office.clock.advance(timedelta(seconds=1))
    assert office.opens(made.token) is None
    assert office.states() == [LinkState.EXPIRED]


def test_an_ended_link_opens_nothing_and_its_answers_stay(office: Office) -> None:
    (made,) = office.make()
    office.score(made)
    with office.database.begin() as session:
        personal_links.end_link(session, office.assessment_id, made.interview_id, clock=office.clock)
    assert office.opens(made.token) is None
    assert office.states() == [LinkState.ENDED]
    assert office.lines()[0].sheet.progress.scored == 1


def test_a_new_link_ends_the_old_one_and_opens_the_same_answers(office: Office) -> None:
    (made,) = office.make()
    renewed = office.renew(made)
    assert office.opens(made.token) is None
    assert office.opens(renewed.token) == made.interview_id
    assert office.states() == [LinkState.NOT_OPENED]


def test_the_list_says_how_far_each_one_is(office: Office) -> None:
    first, second, third, _ = office.make(*[Wanted("local-marketing")] * 4)
    with office.database.begin() as session:
        link_id = personal_links.link_of_token(session, first.token, clock=office.clock)
        assert link_id is not None
        personal_links.note_opened(session, link_id, clock=office.clock)
    office.score(second)
    office.score(third)
    office.submit(third)
    assert office.states() == [LinkState.OPENED, LinkState.IN_PROGRESS, LinkState.SUBMITTED, LinkState.NOT_OPENED]


def test_a_submitted_one_takes_no_answers_until_it_is_reopened(office: Office) -> None:
    (made,) = office.make()
    office.score(made)
    office.submit(made)
    with pytest.raises(InterviewClosed):
        office.score(made, "4.0", "campaign-planning")
    with office.database.begin() as session:
        personal_links.reopen(session, office.assessment_id, made.interview_id)
    office.score(made, "4.0", "campaign-planning")
    assert office.states() == [LinkState.IN_PROGRESS]


def test_all_links_are_made_or_none(office: Office) -> None:
    with pytest.raises(Invalid):
        office.make(Wanted("local-marketing"), Wanted("no-such-role"))
    assert office.lines() == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"days": 31}, "unknown-days"),
        ({"questionnaire": GUIDE}, "unknown-questionnaire"),  # consultants score with this one
        ({"questionnaire": "nothing@1.0.0"}, "unknown-questionnaire"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(office: Office, change: dict[str, int | str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.make(**change)  # type: ignore[arg-type] # one of the two
    assert refused.value.code == code


def test_none_and_too_many_at_once_are_refused(office: Office) -> None:
    for wanted, code in (((), "no-links"), ((Wanted("billing"),) * 201, "too-many-links")):
        with pytest.raises(Invalid) as refused, office.database.begin() as session:
            personal_links.create_links(
                session,
                office.assessment_id,
                questionnaire=SELF,
                wanted=wanted,
                days=30,
                library=office.library,
                actor=office.actor,
                clock=office.clock,
            )
        assert refused.value.code == code


def test_an_archived_assessment_makes_no_links_and_takes_no_answers(office: Office) -> None:
    (made,) = office.make()
    with office.database.begin() as session:
        archive_assessment(session, office.assessment_id, office.clock)
    with pytest.raises(InterviewClosed):
        office.make()
    with pytest.raises(InterviewClosed):
        office.score(made)
    with pytest.raises(InterviewClosed), office.database.begin() as session:
        personal_links.reopen(session, office.assessment_id, made.interview_id)


Act = Callable[["Session", int, int, "Office"], object]


@pytest.mark.parametrize(
    "act",
    [
        lambda session, assessment, interview, office: personal_links.end_link(
            session, assessment, interview, clock=office.clock
        ),
        lambda session, assessment, interview, _: personal_links.reopen(session, assessment, interview),
        lambda session, assessment, interview, office: personal_links.renew_link(
            session, assessment, interview, days=7, actor=office.actor, clock=office.clock
        ),
    ],
    ids=["end", "reopen", "renew"],
)
def test_only_self_assessments_of_this_assessment_are_touched(office: Office, act: Act) -> None:
    (made,) = office.make()
    with office.database.begin() as session:
        talk = interviewing.start_interview(
            session,
            office.assessment_id,
            questionnaire=GUIDE,
            role="billing",
            particulars=interviewing.Particulars(),
            library=office.library,
            actor=office.actor,
            clock=office.clock,
        )
        for assessment_id, interview_id in (
            (office.assessment_id + 1, made.interview_id),
            (office.assessment_id, talk),
        ):
            with pytest.raises(NotFound):
                act(session, assessment_id, interview_id, office)


def test_an_archived_self_assessment_gets_no_new_link_and_is_not_listed(office: Office) -> None:
    (made,) = office.make()
    with office.database.begin() as session:
        interviewing.archive_interview(session, made.interview_id, office.clock)
    assert office.lines() == ()
    with pytest.raises(InterviewClosed):
        office.renew(made)


def test_in_an_archived_engagement_links_only_end(office: Office) -> None:
    made, other = office.make(Wanted("local-marketing"), Wanted("local-marketing"))
    with office.database.begin() as session:
        archive_engagement(session, "china-telecom-2003", office.clock)
    for more in (office.make, lambda: office.renew(made)):
        with pytest.raises(InterviewClosed, match="assessment-archived"):
            more()
    with office.database.begin() as session:
        personal_links.end_link(session, office.assessment_id, made.interview_id, clock=office.clock)
    assert (office.opens(made.token), office.opens(other.token)) == (None, other.interview_id)


def test_only_what_was_submitted_is_compared_with_what_consultants_found(office: Office) -> None:
    thinking, done = office.make(Wanted("local-marketing"), Wanted("local-marketing"))
    office.score(thinking, "5.0")
    office.score(done, "4.0")
    office.submit(done)
    with office.database.begin() as session:
        talk = interviewing.start_interview(
            session,
            office.assessment_id,
            questionnaire=GUIDE,
            role="local-marketing",
            particulars=interviewing.Particulars(),
            library=office.library,
            actor=office.actor,
            clock=office.clock,
        )
        save_answer(
            session,
            interview_id=talk,
            element=ELEMENT,
            mutation_id="consultant-1",
            base_version=0,
            changes={"score": "2.5"},
            actor=office.actor,
            clock=office.clock,
        )
    with office.database.read() as session:
        found = overview(session, office.assessment_id, clock=office.clock)
    assert (len(found.lines), found.submitted, found.interviews) == (2, 1, 1)
    assert [(one.node, float(one.by or 0), one.own_count) for one in found.differences.elements] == [(ELEMENT, 1.5, 1)]
