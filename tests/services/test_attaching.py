"""Evidence files: the file first, its row second; limits, full disks and crashes lose nothing that was there."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.cli import doctor
from app.core.text import Text
from app.services import attaching, findings, interviewing
from app.services.attaching import AttachmentFolder, AttachmentView
from app.services.findings import Draft
from app.services.inspecting import inspect
from app.services.refusals import Invalid, NotFound
from app.storage import assessments as assessment_store
from app.storage import attachments as store
from tests.services.files import pdf, photograph, picture
from tests.services.holding import ELEMENT, Held, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.settings import Settings
    from app.storage.database import Database
    from tests.conftest import FixedClock

LARGEST, MOST = 2**20, 2**22
OTHER = "internal-data-collection"


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


@pytest.fixture
def folder(settings: Settings) -> AttachmentFolder:
    return AttachmentFolder(settings.data)


def add(
    held: Held,
    folder: AttachmentFolder,
    content: bytes,
    *,
    name: str = "证据.png",
    most: int = MOST,
    interview_id: int | None = None,
    finding_id: int | None = None,
) -> int:
    inspected = inspect(content, name=name, largest=LARGEST)
    with attaching.kept(folder, inspected) as kept, held.database.begin() as session:
        return attaching.attach(
            session,
            kept,
            assessment_id=held.assessment_id,
            element=ELEMENT,
            most=most,
            actor=held.ann,
            clock=held.clock,
            interview_id=interview_id,
            finding_id=finding_id,
        )


def listed(held: Held, element: str = ELEMENT, *, archived: bool = False) -> tuple[AttachmentView, ...]:
    with held.database.read() as session:
        return attaching.attachments_of(session, held.assessment_id, element, archived=archived)


def on_disk(folder: AttachmentFolder) -> list[str]:
    return sorted(path.name for path in folder.path.iterdir()) if folder.path.is_dir() else []


def test_a_file_is_listed_and_fetched_as_it_was_kept(held: Held, folder: AttachmentFolder) -> None:
    content = pdf()
    file_id = add(held, folder, content, name="../制度 文件.pdf", interview_id=held.interview_id)
    (view,) = listed(held)
    assert (view.id, view.label, view.size) == (file_id, "制度 文件.pdf", len(content))
    assert (view.interview_id, view.added_by) == (held.interview_id, held.ann.display_name)
    assert view.sha256 == hashlib.sha256(content).hexdigest()
    with held.database.read() as session:
        _, path = attaching.attachment_file(session, folder, file_id)
        assert path.read_bytes() == content
        with pytest.raises(NotFound):
            attaching.attachment_file(session, folder, file_id, preview=True)
    assert listed(held, OTHER) == ()


def test_files_are_named_by_us_and_read_by_nobody_else(held: Held, folder: AttachmentFolder) -> None:
    add(held, folder, photograph(), name="../../../etc/passwd")
    small, whole = on_disk(folder)
    assert small == f"{Path(whole).stem}-small.jpg"
    for name in (small, whole):
        assert stat.S_IMODE((folder.path / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["../x.png", "x.png", "a" * 32, f"{'a' * 32}.exe", f"{'a' * 32}.png/", ""])
def test_only_names_of_ours_lead_to_a_file(folder: AttachmentFolder, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        folder.file(name)


def test_an_image_has_a_small_picture(held: Held, folder: AttachmentFolder) -> None:
    file_id = add(held, folder, picture("PNG", (900, 600)))
    with held.database.read() as session:
        view, path = attaching.attachment_file(session, folder, file_id, preview=True)
    assert view.is_image
    assert path.read_bytes().startswith(b"\xff\xd8\xff")


def test_the_same_file_is_not_kept_twice_in_one_place(held: Held, folder: AttachmentFolder) -> None:
    first = add(held, folder, pdf())
    before = on_disk(folder)
    with pytest.raises(Invalid, match="same file"):
        add(held, folder, pdf())
    assert on_disk(folder) == before
    with held.database.begin() as session:
        attaching.archive_attachment(session, first, held.clock)
    add(held, folder, pdf())
    assert len(listed(held, archived=True)) == 2


def test_what_an_assessment_may_hold_is_limited_and_archived_files_count(held: Held, folder: AttachmentFolder) -> None:
    content = pdf()
    first = add(held, folder, content, most=len(content))
    with held.database.begin() as session:
        attaching.archive_attachment(session, first, held.clock)
    before = on_disk(folder)
    with pytest.raises(Invalid) as refused:
        add(held, folder, pdf(2), most=len(content) + 10)
    assert refused.value.code == "attachments-full"
    assert on_disk(folder) == before


def test_an_archived_file_stays_on_the_disk_and_comes_back(held: Held, folder: AttachmentFolder) -> None:
    file_id = add(held, folder, pdf())
    with held.database.begin() as session:
        attaching.archive_attachment(session, file_id, held.clock)
        attaching.archive_attachment(session, file_id, held.clock)
    assert listed(held) == ()
    assert listed(held, archived=True)[0].archived
    assert len(on_disk(folder)) == 1
    with held.database.begin() as session:
        attaching.restore_attachment(session, file_id)
    assert [one.id for one in listed(held)] == [file_id]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_is_said_clearly_and_leaves_nothing_behind(
    held: Held, folder: AttachmentFolder, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    add(held, folder, pdf())
    before, real, calls = on_disk(folder), getattr(os, call), []

    def full(*arguments: object, **options: object) -> object:
        calls.append(arguments)
        if len(calls) > 1:  # the small picture was written already
            raise OSError(code, os.strerror(code))
        return real(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(Invalid) as refused:
            add(held, folder, photograph())
    assert refused.value.code == "disk-full"
    assert on_disk(folder) == before
    assert len(listed(held)) == 1


def test_another_failure_of_the_disk_is_no_full_disk(
    held: Held, folder: AttachmentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="broken"):
            add(held, folder, pdf())
    assert on_disk(folder) == []


def test_a_transaction_that_fails_takes_its_file_with_it(held: Held, folder: AttachmentFolder) -> None:
    inspected = inspect(photograph(), name="x", largest=LARGEST)

    def fail() -> None:
        with attaching.kept(folder, inspected) as kept, held.database.begin() as session:
            attaching.attach(
                session,
                kept,
                assessment_id=held.assessment_id,
                element=ELEMENT,
                most=MOST,
                actor=held.ann,
                clock=held.clock,
            )
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        fail()
    assert on_disk(folder) == []
    assert listed(held) == ()


def test_what_a_crash_leaves_is_named_and_not_deleted(held: Held, folder: AttachmentFolder) -> None:
    add(held, folder, photograph())
    orphan = folder.write(b"no row", "pdf")
    (folder.path / f".{'0' * 32}.part").write_bytes(b"half")
    with held.database.read() as session:
        known = store.stored_names(session)
    assert folder.without_row(known) == (f".{'0' * 32}.part", orphan)
    assert folder.missing(known) == ()
    (name,) = known
    folder.file(name).unlink()
    assert folder.missing(known) == (name,)
    with held.database.read() as session, pytest.raises(NotFound):
        attaching.attachment_file(session, folder, listed(held)[0].id)


def test_doctor_names_files_without_rows_and_rows_without_files(held: Held, folder: AttachmentFolder) -> None:
    def said() -> list[tuple[str, str]]:
        return [(check.status, check.message) for check in doctor._attachments(held.database, folder)]

    assert said() == [("ok", "0 evidence files")]
    add(held, folder, pdf())
    orphan = folder.write(b"no row", "pdf")
    ((status, message),) = said()
    assert status == "warning"
    assert orphan in message
    with held.database.read() as session:
        (name,) = store.stored_names(session)
    folder.file(name).unlink()
    ((status, message),) = said()
    assert status == "error"
    assert name in message


def test_an_empty_installation_lacks_nothing(folder: AttachmentFolder) -> None:
    assert folder.without_row(frozenset()) == folder.missing(frozenset()) == ()


def test_a_file_belongs_to_an_interview_and_a_finding_of_its_own_element(held: Held, folder: AttachmentFolder) -> None:
    with held.database.begin() as session:
        here, there = (
            findings.write_finding(
                session, held.assessment_id, element, Draft(Text("发现")), actor=held.ann, clock=held.clock
            ).finding_id
            for element in (ELEMENT, OTHER)
        )
    add(held, folder, pdf(), finding_id=here)
    for finding_id, interview_id in ((there, None), (99_999, None), (None, 99_999)):
        with pytest.raises(NotFound):
            add(held, folder, pdf(2), finding_id=finding_id, interview_id=interview_id)
    assert [one.finding_id for one in listed(held)] == [here]


@pytest.mark.parametrize("why", ["interview-closed", "interview-archived", "assessment-published"])
def test_what_is_closed_takes_no_files(held: Held, folder: AttachmentFolder, why: str) -> None:
    file_id = add(held, folder, pdf())
    with held.database.begin() as session:
        if why == "assessment-published":
            assessment_store.update_assessment(session, held.assessment_id, state="published")
        elif why == "interview-archived":
            interviewing.archive_interview(session, held.interview_id, held.clock)
        else:
            interviewing.close_interview(session, held.interview_id)
    with pytest.raises(Invalid) as refused:
        add(held, folder, pdf(2), interview_id=held.interview_id)
    assert refused.value.code == why
    if why == "assessment-published":
        with held.database.begin() as session:
            with pytest.raises(Invalid, match=why):
                attaching.archive_attachment(session, file_id, held.clock)
            with pytest.raises(Invalid, match=why):
                attaching.restore_attachment(session, file_id)
    assert len(listed(held)) == 1


def test_elements_and_files_that_are_not_there_are_not_found(held: Held) -> None:
    with held.database.read() as session:
        with pytest.raises(NotFound):
            attaching.check_place(session, held.assessment_id, "customer-insight")
        with pytest.raises(NotFound):
            attaching.get_attachment(session, 99_999)
