"""The interview guide on paper: asked for here, printed in the background, fetched here; or printed at once.

A guide of fifty elements takes several seconds of one processor, as much as a report: it goes the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app.content.roots import Roots, root_with
from app.core.text import Locale
from app.document.guide.build import build_guide
from app.document.guide.material import Answered, GuideMaterial, Occasion, asked_of
from app.reports.guide import typeset_guide
from app.reports.printing import PrintingFailed, print_pdf
from app.reports.typesetting import TemplateFault
from app.services.assessing import answer as answer_of
from app.services.file_shelf import put_file
from app.services.interview_sheet import read_sheet
from app.services.interviewing import questionnaires_for, workplace
from app.services.jobs import Product
from app.services.permissions import Action, require
from app.services.printing import PagesTold, count_pages
from app.services.refusals import Invalid, NotFound, Refused
from app.services.trail import Event, Where, note
from app.settings import CHECKOUT

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.questionnaire import Questionnaire, Role
    from app.services.interview_sheet import Line
    from app.services.jobs import Progress, Queue, Work
    from app.services.permissions import Actor
    from app.settings import Settings
    from app.storage.database import Database, Session

KIND = "guide"
TEMPLATES = "interview-guide"
GATHERING = "gathering"

Language = Literal["zh", "en", "both"]
LANGUAGES: tuple[Language, ...] = ("zh", "en", "both")


class GuideRefused(Refused):
    """The guide cannot be printed; the code (`template`, `printing`) says why."""


@dataclass(frozen=True, slots=True)
class GuideRequest:
    """Which guide is asked for: that of an interview (blank or filled), or a blank one of an assessment.

    `role` None asks for everybody's items. `address` is where the interview can be opened, empty for none. Who was
    asked and who asks stand on it with `names` alone; without, there is room to write them down.
    """

    language: Language
    interview_id: int | None = None
    filled: bool = False
    assessment_id: int | None = None
    questionnaire: str | None = None
    role: str | None = None
    address: str = ""
    names: bool = False

    def parameters(self) -> dict[str, Any]:
        """Return the request as a job keeps it."""
        return {name: getattr(self, name) for name in GuideRequest.__slots__}


def request_of(parameters: Mapping[str, Any]) -> GuideRequest:
    """Return the request that a job keeps."""
    return GuideRequest(**parameters)


def locales_of(language: Language) -> tuple[Locale, ...]:
    """Return the languages of a guide, Chinese first."""
    return ("zh", "en") if language == "both" else (language,)


def templates_of(roots: Roots) -> Path:
    """Return the folder of the guide's templates: that of the first content root that has one, else the shipped one."""
    own = root_with(roots, "reports", TEMPLATES, "guide.html") / "reports" / TEMPLATES
    return own if (own / "guide.html").is_file() else CHECKOUT / "reports" / TEMPLATES


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_for_guide(
    session: Session, request: GuideRequest, *, library: Library, queue: Queue, actor: Actor | None
) -> int:
    """Check a request and hand it over; return the job's id.

    Raises NotFound, Invalid (`language`), NotPermitted, TooManyJobs.
    """
    require(actor, Action.ANSWER)
    if request.language not in LANGUAGES:
        raise Invalid("language", "unknown-language", "a guide is in zh, en or both")
    if request.interview_id is not None:
        engagement_id = read_sheet(session, request.interview_id).interview.engagement_id
    else:
        assert request.assessment_id is not None
        place = workplace(session, request.assessment_id)
        _choice(questionnaires_for(library, place.framework), request)
        engagement_id = place.engagement.id
    job_id = queue.submit(session, kind=KIND, parameters=request.parameters(), engagement_id=engagement_id, actor=actor)
    if request.names:
        details = {"kind": KIND, "names": True}
        note(session, Event.REPORT_ASKED, where=Where(engagement_id), about=("job", job_id), details=details)
    return job_id


def _choice(fitting: Sequence[Questionnaire], request: GuideRequest) -> tuple[Questionnaire, Role | None]:
    guide = next((one for one in fitting if request.questionnaire in (one.reference, one.id)), None)
    if guide is None:
        raise NotFound("questionnaire", request.questionnaire)
    return guide, role_of(guide, request.role)


def role_of(questionnaire: Questionnaire, role_id: str | None) -> Role | None:
    """Return a role of a questionnaire; None for none, NotFound for one that it does not have."""
    if role_id is None:
        return None
    for role in questionnaire.roles:
        if role.id == role_id:
            return role
    raise NotFound("role", role_id)


# --- making ----------------------------------------------------------------------------------------------------------


def render_guide(database: Database, library: Library, settings: Settings, work: Work) -> Product:
    """Print the guide of a job and return the file, which has a name of its own below the data folder."""
    request = request_of(work.parameters)
    work.progress(2, GATHERING)
    with database.read() as session:
        material = replace(gather(session, library, request), theme=library.interview_theme())
    written = print_guide(material, request.language, templates_of(library.roots), work.progress)
    return Product(put_file(settings, written, "pdf", work.job_id), pages=count_pages(written))


def gather(session: Session, library: Library, request: GuideRequest) -> GuideMaterial:
    """Return what a guide is made from; NotFound."""
    if request.interview_id is not None:
        return _of_interview(session, request.interview_id, request)
    assert request.assessment_id is not None
    place = workplace(session, request.assessment_id)
    guide, role = _choice(questionnaires_for(library, place.framework), request)
    occasion = Occasion(unit=place.assessment.unit.name, round=place.assessment.round.name)
    return blank_material(guide, place.framework, role, occasion)


def blank_material(
    questionnaire: Questionnaire, framework: Any, role: Role | None, occasion: Occasion | None = None
) -> GuideMaterial:
    """Return a blank form of a questionnaire for one role (None: everybody's items)."""
    asked = asked_of(framework, questionnaire, role.id if role else None)
    return GuideMaterial(framework, questionnaire, role, asked, occasion or Occasion())


def _of_interview(session: Session, interview_id: int, request: GuideRequest) -> GuideMaterial:
    sheet = read_sheet(session, interview_id)
    record, scale = sheet.interview, sheet.framework.scale
    material = GuideMaterial(
        framework=sheet.framework,
        questionnaire=sheet.questionnaire,
        role=sheet.role,
        asked=[(line.element, line.item) for line in sheet.lines],
        occasion=Occasion(
            unit=record.unit_name,
            round=record.round_name,
            key=record.key,
            respondent=record.respondent if request.names else None,
            interviewer=record.interviewer if request.names else None,
            date=record.date,
            place=record.place,
        ),
        address=request.address,
    )
    if not request.filled:
        return material

    def answered(line: Line) -> Answered | None:
        stored = line.answer
        if stored is None:
            return None
        return Answered(answer_of(stored.values, scale), stored.updated_by_name, stored.updated_at)

    found = {line.element.id: answered(line) for line in sheet.lines}
    return replace(material, answers={element: one for element, one in found.items() if one})


def print_guide(
    material: GuideMaterial, language: Language, templates: Path, progress: Progress | None = None
) -> bytes:
    """Return a guide as PDF. `progress` hears per cent and stage. GuideRefused with code `template` or `printing`."""
    guide = build_guide(material, locales_of(language))
    pages = PagesTold(progress, expected=2 + len(guide.elements) // (1 if language == "both" else 2))
    try:
        return print_pdf(typeset_guide(guide, templates), progress=pages.hear)
    except TemplateFault as fault:
        raise GuideRefused("template", str(fault)) from fault
    except PrintingFailed as failure:
        raise GuideRefused("printing", str(failure)) from failure
