"""Two engagements with things of every kind, and somebody for every role and part.

`firm` is what everybody asks for: its lead, consultant, observer and executive are members, the others are not. The
outsider leads the demo engagement. All is made once for a run and nothing that a visitor does is kept.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.content.layering import ContentKind
from app.core.text import Text
from app.services import accounts, attaching, drafting, findings, interviewing, personal_links
from app.services.agreeing import save_agreed
from app.services.answering import save_answer
from app.services.engagements import create_assessment, create_engagement, create_round, create_unit, get_engagement
from app.services.guides import GuideRequest, ask_for_guide
from app.services.inspecting import inspect
from app.services.interviewing import Particulars
from app.services.jobs import Product, finish_at_once
from app.services.memberships import add_member
from app.services.permissions import Actor, Part, Role
from app.services.proposing import proposals_for
from app.services.releasing import preview_release
from app.services.rendering import ingredients
from app.services.report_requests import ReportRequest
from app.services.reporting import Press as Presses
from app.services.reporting import ask_for_report
from app.services.sign_ins import Factors, start_sign_in
from app.services.upgrading import preview_upgrade, upgrade_assessment
from app.services.walls import PUBLISHED
from app.settings import CHECKOUT, Settings
from app.storage import assessments
from app.storage.attachment_files import AttachmentFolder
from app.storage.database import Database
from app.storage.releases import insert_release
from tests.services.files import pdf
from tests.services.shelves import FIRST, SECOND, Press, questionnaire_text

if TYPE_CHECKING:
    from app.services.jobs import Queue
    from app.storage.database import Session
    from tests.conftest import FixedClock

FIRM, ELSEWHERE = "firm", "china-telecom-2003"
PASSWORD = "seven lamps over Fuzhou harbour"
SCORES = {"kept": "1", "renamed": "3", "cut": "4", "one": "2", "gone": "5"}
SAID = "口头说的，谁也没见过文件"  # noted in an interview
REASON = "按制度文件和抽查的结果定"  # of agreed scores
NOTED = "内部讨论时还没有谈拢"  # at agreed scores
FOUND = "没有统一的客户数据"  # a finding
CONTENT: Mapping[str, object] = {
    "round_key": "2026",
    "element": "kept",
    "node_id": "kept",
    "group": "alpha",
    "framework_id": "small",
    "version": "2.0.0",
    "questionnaire_id": "small-interview",
    "profile_id": "default",
    "content_key": "small",
    "kind": "framework",
    "set_id": "none",
    "name": "reader",
    "page": "scores",
    "filename": "css/base.css",
    "token": "no-such-token",
    "checksum": "0" * 64,
    "language": "zh",
    "question_id": "new",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody: their role, their part in the firm, and in the demo engagement."""

    name: str
    role: Role | None
    part: Part | None = None
    elsewhere: Part | None = None

    @property
    def signs_in(self) -> bool:
        """Tell whether they have an account."""
        return self.role is not None


PEOPLE = (
    Person("administrator", Role.ADMINISTRATOR),
    Person("lead", Role.CONSULTANT, Part.LEAD),
    Person("consultant", Role.CONSULTANT, Part.CONSULTANT),
    Person("observer", Role.READER, Part.OBSERVER),
    Person("executive", Role.READER, Part.EXECUTIVE),
    Person("editor", Role.EDITOR),
    Person("reader", Role.READER),
    Person("outsider", Role.CONSULTANT, elsewhere=Part.LEAD),
    Person("respondent", None),
    Person("anonymous", None),
)


class Unkept(Database):
    """A database in which nothing lasts: what a request writes is rolled back when its transaction ends."""

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a writing transaction that is never committed."""
        with self._turn, self._writing(info=self._told) as session:
            yield session
            session.flush()
            session.rollback()


Values = dict[str, object]


@dataclass
class World:
    """What is there. `open`: an id of every kind around an assessment that is worked on; `published`: of one that is.

    `guide` is the job of a printed interview, `link` what the respondent was sent.
    """

    database: Database
    press: Press
    open: Values = field(default_factory=dict)
    published: Values = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    guide: int = 0
    link: str = ""


@dataclass(frozen=True)
class Workshop:
    """What making things needs."""

    session: Session
    press: Press
    settings: Settings
    queue: Queue
    clock: FixedClock
    chief: Actor

    @property
    def asked(self) -> dict[str, Any]:
        """Who does it, and when: what most services ask for."""
        return {"actor": self.chief, "clock": self.clock}


def build(demo: Path, settings: Settings, folder: Path, clock: FixedClock, queue: Queue) -> World:
    """Make everything."""
    settings.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(demo, settings.data / "crm-maturity.db")
    lasting = Database(settings.database_url)
    shutil.copytree(CHECKOUT / "reports", folder / "reports")
    guide = questionnaire_text("1.0.0", ">=1,<2", FIRST).replace("mode: interview", "mode: self-assessment")
    own = folder / "questionnaires" / "own.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(guide.replace("id: small-interview", "id: small-own"), "utf-8")
    press = Press(lasting, folder, clock)
    press.publish("2.0.0", SECOND)
    press.publish_questionnaire("2.0.0", ">=2,<3", SECOND)
    world = World(Unkept(settings.database_url), press)
    with lasting.begin() as session:
        actors = _people(session, world, clock)
        shop = Workshop(session, press, settings, queue, clock, actors["administrator"])
        _fill(world, shop, actors)
    return world


def _people(session: Session, world: World, clock: FixedClock) -> dict[str, Actor]:
    actors = {}
    elsewhere = get_engagement(session, ELSEWHERE)
    for person in PEOPLE:
        if person.role is None:
            continue
        user = accounts.add_user(
            session, name=person.name, password=PASSWORD, role=person.role, clock=clock, display_name=person.name
        )
        world.tokens[person.name] = start_sign_in(
            session, user.id, factors=Factors.PASSWORD, device="Firefox · Linux", clock=clock
        )
        actors[person.name] = Actor(user.id, user.name, user.display_name, user.role)
        if person.elsewhere:
            add_member(session, elsewhere.id, person.name, person.elsewhere, actor=None, clock=clock)
    return actors


def _fill(world: World, shop: Workshop, actors: Mapping[str, Actor]) -> None:
    session = shop.session
    firm = create_engagement(session, key=FIRM, name=Text("公司"), actor=actors["lead"], clock=shop.clock)
    for person in PEOPLE:
        if person.part and person.part is not Part.LEAD:
            add_member(session, firm.id, person.name, person.part, actor=None, clock=shop.clock)
    create_round(session, firm.id, key="2026", name=Text("2026"))
    draft = drafting.begin_draft(session, ContentKind.FRAMEWORK, "small", library=shop.press.library, **shop.asked)
    common: Values = {**CONTENT, "key": FIRM, "draft_id": draft.id, "revision_id": 1}
    world.open = {**common, **_unit(shop, firm.id, "north")}
    world.link = str(world.open.pop("link"))
    world.published = {**common, **_unit(shop, firm.id, "south")}
    del world.published["link"]
    interview_id = int(str(world.published["interview_id"]))
    wanted = GuideRequest("zh", interview_id=interview_id, filled=True)
    world.guide = ask_for_guide(session, wanted, library=shop.press.library, queue=shop.queue, actor=shop.chief)
    _publish(shop, int(str(world.published["assessment_id"])))


def _publish(shop: Workshop, assessment_id: int) -> None:
    """Publish an assessment as it is: whether it is ready is looked at elsewhere."""
    assessments.update_assessment(shop.session, assessment_id, state=PUBLISHED)
    preview = preview_release(shop.session, assessment_id)
    insert_release(
        shop.session,
        assessment_id=assessment_id,
        revision=1,
        document=preview.document,
        hash=preview.hash,
        framework_hash=assessments.assessment(shop.session, assessment_id).framework_hash,  # type: ignore[union-attr]
        program="tests",
        note=None,
        published_at=shop.clock(),
        published_by=shop.chief.user_id,
    )


def _unit(shop: Workshop, engagement_id: int, unit: str) -> Values:
    """Assess a unit: a thing of every kind."""
    session, library = shop.session, shop.press.library
    create_unit(session, engagement_id, key=unit, name=Text(unit))
    first = library.framework("small@1.0.0")
    made = create_assessment(session, engagement_id, unit=unit, round="2026", framework=first, **shop.asked).id
    interview_id = _interview(shop, made)
    finding_id = _finding(shop, made, interview_id)
    attachment_id = _attachment(shop, made, interview_id)
    link = _link(shop, made)
    seen = preview_upgrade(session, made, "2.0.0", library=library).seen
    upgrade_id = upgrade_assessment(session, made, "2.0.0", seen=seen, library=library, **shop.asked)
    report_id, job_id = _report(shop, engagement_id, made)
    return {
        "unit": unit,
        "assessment_id": made,
        "interview_id": interview_id,
        "finding_id": finding_id,
        "attachment_id": attachment_id,
        "upgrade_id": upgrade_id,
        "proposal_id": next(one.id for one in proposals_for(session, made)[1] if one.open),
        "link": link,
        "report_id": report_id,
        "job_id": job_id,
    }


def _interview(shop: Workshop, assessment_id: int) -> int:
    interview_id = interviewing.start_interview(
        shop.session,
        assessment_id,
        questionnaire="small-interview@1.0.0",
        role="boss",
        particulars=Particulars("李经理", "顾问", date(2026, 3, 2)),
        library=shop.press.library,
        **shop.asked,
    )
    save_answer(
        shop.session,
        interview_id=interview_id,
        element="kept",
        mutation_id=uuid.uuid4().hex,
        base_version=0,
        changes={"score": "2", "note": SAID},
        **shop.asked,
    )
    for element, score in SCORES.items():
        save_agreed(
            shop.session,
            assessment_id=assessment_id,
            element=element,
            mutation_id=uuid.uuid4().hex,
            base_version=0,
            changes={"score": score, "reason": REASON, "note": NOTED},
            **shop.asked,
        )
    return interview_id


def _finding(shop: Workshop, assessment_id: int, interview_id: int) -> int:
    draft = findings.Draft(Text(FOUND), 1, (interview_id,))
    return findings.write_finding(shop.session, assessment_id, "kept", draft, **shop.asked).finding_id


def _attachment(shop: Workshop, assessment_id: int, interview_id: int) -> int:
    folder = AttachmentFolder(shop.settings.data)
    with attaching.kept(folder, inspect(pdf(), name=f"{assessment_id}.pdf", largest=2**20)) as file:
        return attaching.attach(
            shop.session,
            file,
            assessment_id=assessment_id,
            element="kept",
            interview_id=interview_id,
            most=2**24,
            **shop.asked,
        )


def _link(shop: Workshop, assessment_id: int) -> str:
    (link,) = personal_links.create_links(
        shop.session,
        assessment_id,
        questionnaire="small-own@1.0.0",
        wanted=[personal_links.Wanted("boss")],
        days=30,
        library=shop.press.library,
        **shop.asked,
    )
    return f"/self/{link.token}"


def _report(shop: Workshop, engagement_id: int, assessment_id: int) -> tuple[int, int]:
    press = Presses(shop.press.library, shop.settings, shop.queue, shop.clock)
    wanted = ReportRequest("executive", "zh", (assessment_id,), date(2026, 3, 2))
    asked = ask_for_report(shop.session, [wanted], engagement_id=engagement_id, press=press, actor=shop.chief)
    file = shop.settings.data / "reports" / f"{assessment_id}.pdf"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(pdf())
    made = ingredients(shop.session, wanted, shop.press.library.roots)
    product = Product(file, made.hash_of(shop.session, wanted, asked.report_id))
    finish_at_once(shop.session, asked.jobs[0], product, data=shop.settings.data, clock=shop.clock)
    return asked.report_id, asked.jobs[0]
