"""Everything that is stored of an engagement as one archive, for whom it belongs to: readable without this program.

Cases, tables, the trail, the content that assessments are pinned to, evidence files, and a manifest with the SHA-256 of
each. Names of people stay out unless they are asked for; what unlocks something (hashes of tokens) always does.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from typing import IO, TYPE_CHECKING, Any

from app.content.cases import write_case
from app.services.engagements import get_engagement, list_assessments
from app.services.exporting import export_case
from app.services.permissions import Action, require
from app.services.trail_export import as_document
from app.services.trail_filter import Scope
from app.services.trail_reading import every_entry
from app.storage import erasing as store
from app.storage import snapshots
from app.storage.attachment_files import AttachmentFolder

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.clock import Clock
    from app.services.engagements import EngagementView
    from app.services.permissions import Actor
    from app.settings import Settings
    from app.storage.database import Session

FORMAT = 1
MANIFEST = "manifest.json"
# what names people, by table; left out unless it is asked for
NAMING: Mapping[str, frozenset[str]] = {
    "respondent": frozenset({"label"}),
    "interview": frozenset({"interviewer", "place"}),
    "account_link": frozenset({"label"}),
}
# what opens something: nobody has a use for it, and it never leaves
UNLOCKING = frozenset({"token_hash"})
NAMED_IN_TRAIL = "user"
READ_ME = """\
crm-maturity: everything that is stored of one engagement / 一个项目的全部数据

manifest.json          what is in here, with the SHA-256 of every file / 清单和每个文件的 SHA-256
cases/                 every assessment as a case file that can be imported / 每份评估的案例文件，可以再导入
tables/                every table row by row, histories too, as JSON Lines / 每张表逐行，包括修订历史
trail.jsonl            who did what, when / 审计记录
content/               frameworks and questionnaires as assessments are pinned to them / 评估所用的框架和问卷
attachments/           evidence files; their labels stand in tables/attachment.jsonl / 证据文件
report-files.jsonl     files of reports that are still kept / 仍保留的报告文件清单

Accounts are given by number. 账号只给编号。
"""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of the archive."""

    path: str
    size: int
    sha256: str


@dataclass
class _Archive:
    """An archive in the making, and what stands in it."""

    zipped: zipfile.ZipFile
    files: list[ExportedFile] = field(default_factory=list)

    def text(self, path: str, content: str) -> None:
        """Add a text."""
        self.bytes(path, content.encode("utf-8"))

    def bytes(self, path: str, content: bytes) -> None:
        """Add a file."""
        self.zipped.writestr(path, content)
        self.files.append(ExportedFile(path, len(content), hashlib.sha256(content).hexdigest()))

    def lines(self, path: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add one JSON object per line; return how many."""
        written = [json.dumps(row, ensure_ascii=False, default=_plain) for row in rows]
        self.text(path, "".join(f"{line}\n" for line in written))
        return len(written)

    def copy(self, path: str, source: Path) -> bool:
        """Add a file of the data folder; False where it is missing."""
        try:
            self.bytes(path, source.read_bytes())
        except OSError:
            return False
        return True


def write_export(
    session: Session, key: str, target: IO[bytes], *, names: bool, settings: Settings, actor: Actor | None, clock: Clock
) -> tuple[ExportedFile, ...]:
    """Write everything of an engagement as an archive; with `names` those of people too. Return what stands in it.

    Raises NotPermitted, NotFound.
    """
    if actor is not None:
        require(actor, Action.MANAGE)
    engagement = get_engagement(session, key)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        archive = _Archive(zipped)
        archive.text("README.txt", READ_ME)
        _cases(session, archive, engagement, names=names)
        rows = _tables(session, archive, engagement.id, names=names)
        archive.lines("trail.jsonl", _trail(session, engagement.id, names=names))
        _content(session, archive, engagement.id)
        missing = _evidence(session, archive, engagement.id, settings)
        archive.lines("report-files.jsonl", _products(session, engagement.id, settings))
        manifest = {
            "format": FORMAT,
            "kind": "engagement-data",
            "program": version("crm-maturity"),
            "made_at": clock().isoformat(),
            "engagement": {"id": engagement.id, "key": engagement.key, **_named(engagement)},
            "names": names,
            "rows": rows,
            "missing": missing,
            "files": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in archive.files],
        }
        archive.text(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return tuple(archive.files)


def _named(engagement: EngagementView) -> dict[str, str | None]:
    return {"zh": engagement.name.zh, "en": engagement.name.en}


def _cases(session: Session, archive: _Archive, engagement: EngagementView, *, names: bool) -> None:
    for one in list_assessments(session, engagement.id, archived=True):
        path = f"cases/{one.id}-{one.key}-revision-{one.revision}.yaml"
        archive.text(path, write_case(export_case(session, one.id, names=names)))


def _tables(session: Session, archive: _Archive, engagement_id: int, *, names: bool) -> dict[str, int]:
    counts = {}
    for table in store.tables_of_engagement():
        left_out = UNLOCKING | (frozenset() if names else NAMING.get(table.name, frozenset()))
        rows = store.rows_of_engagement(session, engagement_id, table)
        told = ({name: value for name, value in row.items() if name not in left_out} for row in rows)
        counts[table.name] = archive.lines(f"tables/{table.name}.jsonl", told)
    return counts


def _trail(session: Session, engagement_id: int, *, names: bool) -> Iterator[dict[str, Any]]:
    for entry in every_entry(session, Scope(engagement_id=engagement_id), hears=True):
        document = as_document(entry)
        yield document if names else {**document, NAMED_IN_TRAIL: None}


def _content(session: Session, archive: _Archive, engagement_id: int) -> None:
    for one in snapshots.of_engagement(session, engagement_id):
        archive.text(f"content/{one.kind}-{one.key}-{one.version}-{one.hash[:12]}.json", one.document)


def _evidence(session: Session, archive: _Archive, engagement_id: int, settings: Settings) -> list[str]:
    """Add the evidence files; return those that are lost."""
    folder = AttachmentFolder(settings.data)
    named = sorted(store.files_named(session, engagement_id).attachments)
    return [name for name in named if not archive.copy(f"attachments/{name}", folder.file(name))]


def _products(session: Session, engagement_id: int, settings: Settings) -> Iterator[dict[str, Any]]:
    for name in sorted(store.files_named(session, engagement_id).products):
        file = settings.data / name
        there = file.is_file()
        yield {
            "file": name,
            "kept": there,
            "size": file.stat().st_size if there else None,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest() if there else None,
        }


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
