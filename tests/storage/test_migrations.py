"""Migrations: one head, equal to the tables, atomic, and the triggers that make history append-only."""

from __future__ import annotations

import lzma
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Executable, delete, insert, inspect, select, text, update
from sqlalchemy.exc import DatabaseError

from app.services.assessing import load_current
from app.services.engagements import get_engagement
from app.storage import migrating
from app.storage.copying import examine
from app.storage.database import Database
from app.storage.editing_tables import DraftRevisionRow, PublicationRow, UpgradeRow
from app.storage.report_tables import ReportSentenceRevisionRow
from app.storage.tables import AgreedScoreRevisionRow, AnswerRevisionRow, Base, FindingRevisionRow, SnapshotRow
from app.storage.trust_tables import AuditEventRow, IssuedReportRow, PublishedResultRow
from tests.conftest import FixedClock

FAILING = '''
"""Makes a table, then fails."""
import sqlalchemy as sa
from alembic import op
revision = "broken"
down_revision = "{head}"

def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO engagement (key, created_at) VALUES ('half', '2026-01-01')")
    op.execute("this is no SQL")
'''


def test_there_is_one_newest_revision() -> None:
    assert migrating.heads() == (migrating.head(),)


def test_an_upgraded_database_has_exactly_the_tables_of_the_model(database: Database) -> None:
    with database.read() as session:
        found = compare_metadata(
            MigrationContext.configure(session.connection(), opts={"compare_type": True}), Base.metadata
        )
    assert found == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert database.is_current()
    database.upgrade()
    assert database.is_current()


def test_a_new_database_is_not_current(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert database.revision() is None
    assert not database.is_current()
    database.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    scripts = tmp_path / "migrations"
    (scripts / "versions").mkdir(parents=True)
    for script in (migrating.SCRIPTS / "env.py", *(migrating.SCRIPTS / "versions").glob("0*.py")):
        target = scripts / script.relative_to(migrating.SCRIPTS)
        target.write_text(script.read_text("utf-8"), "utf-8")
    (scripts / "versions" / "9999_broken.py").write_text(FAILING.replace("{head}", migrating.head()), "utf-8")
    with pytest.raises(DatabaseError, match="syntax error"), database._migration_connection() as connection:
        migrating.upgrade(connection, scripts=scripts)
    with database.read() as session:
        assert not inspect(session.connection()).has_table("half")
        assert session.execute(text("SELECT count(*) FROM engagement")).scalar() == 0
    assert database.is_current()


def test_a_migration_that_breaks_references_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="references"), database._migration_connection() as connection:
        connection.execute(text("INSERT INTO unit (engagement_id, key, position) VALUES (4711, 'nowhere', 1)"))
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM unit")).scalar() == 0


HISTORY = [
    AgreedScoreRevisionRow,
    AnswerRevisionRow,
    AuditEventRow,
    DraftRevisionRow,
    FindingRevisionRow,
    IssuedReportRow,
    PublicationRow,
    PublishedResultRow,
    ReportSentenceRevisionRow,
    SnapshotRow,
    UpgradeRow,
]


def fill_history(database: Database, clock: FixedClock, *statements: Executable) -> None:
    """Store one row in each append-only table, then execute the statements (references are checked at the end)."""
    with database.begin() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(
            insert(SnapshotRow).values(
                kind="framework", key="f", version="1.0.0", hash="0", document="{}", created_at=clock()
            )
        )
        session.execute(
            insert(AgreedScoreRevisionRow).values(assessment_id=1, element="e", version=1, kind="import", at=clock())
        )
        session.execute(
            insert(AnswerRevisionRow).values(
                interview_id=1, element="e", mutation_id="m", base_version=0, version=1, kind="normal", at=clock()
            )
        )
        session.execute(insert(FindingRevisionRow).values(finding_id=1, version=1, kind="normal", after={}, at=clock()))
        session.execute(insert(ReportSentenceRevisionRow).values(sentence_id=1, version=1, machine="m", at=clock()))
        session.execute(insert(DraftRevisionRow).values(draft_id=1, version=1, kind="typed", name="f.yaml", at=clock()))
        published = {"kind": "framework", "key": "f", "version": "1.0.0", "hash": "0", "files": {}, "note": "n"}
        session.execute(insert(PublicationRow).values(**published, step="first", published_at=clock()))
        went = {"assessment_id": 1, "from_snapshot_id": 1, "to_snapshot_id": 2, "record": "{}", "preview": {}}
        session.execute(insert(UpgradeRow).values(**went, at=clock()))
        session.execute(insert(AuditEventRow).values(kind="k", at=clock()))
        result = {"assessment_id": 1, "revision": 1, "document": "{}", "hash": "0", "framework_hash": "0"}
        session.execute(insert(PublishedResultRow).values(**result, program="p", published_at=clock()))
        report = {"engagement_id": 1, "code": "c", "data_hash": "0", "results": {}, "program": "p"}
        session.execute(insert(IssuedReportRow).values(**report, issued_at=clock()))
        for statement in statements:
            session.execute(statement)


@pytest.mark.parametrize("table", HISTORY)
def test_history_refuses_to_be_changed(database: Database, table: type[Base], clock: FixedClock) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        fill_history(database, clock, update(table).values(id=99))


@pytest.mark.parametrize("table", HISTORY)
def test_history_refuses_to_be_deleted(database: Database, table: type[Base], clock: FixedClock) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        fill_history(database, clock, delete(table))


def test_every_table_that_refuses_changes_is_tried(database: Database) -> None:
    with database.read() as session:
        refusing = set(session.scalars(text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")))
    assert refusing == {table.__tablename__ for table in HISTORY}


def test_a_mutation_is_stored_once(database: Database, clock: FixedClock) -> None:
    again = insert(AnswerRevisionRow).values(
        interview_id=1, element="e", mutation_id="m", base_version=1, version=2, kind="normal", at=clock()
    )
    with pytest.raises(DatabaseError, match="UNIQUE"):
        fill_history(database, clock, again)


def test_nothing_is_stored_as_json_null(database: Database, clock: FixedClock) -> None:
    """A missing document is NULL in SQL, on which queries can rely."""
    with database.begin() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(
            insert(AnswerRevisionRow).values(
                interview_id=1,
                element="e",
                mutation_id="m",
                base_version=0,
                version=1,
                kind="k",
                before=None,
                at=clock(),
            )
        )
        stored = session.execute(select(text("typeof(before)")).select_from(AnswerRevisionRow)).scalar()
        session.rollback()
    assert stored == "null"


# --- from every schema that was ever on main -----------------------------------------------------------------------

UNRELEASED = {"0007"}  # on no main yet; gets its dump with the migration that follows it
SCHEMAS = Path(__file__).with_name("schemas")
RELEASED = sorted(file.name.partition(".")[0] for file in SCHEMAS.glob("*.sql.xz"))


@pytest.fixture(params=RELEASED)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Database]]:
    """A database with data as an earlier version of the program left it, and its revision."""
    revision: str = request.param
    with sqlite3.connect(tmp_path / "earlier.db") as connection:
        connection.executescript(lzma.decompress((SCHEMAS / f"{revision}.sql.xz").read_bytes()).decode())
    connection.close()
    database = Database(f"sqlite:///{tmp_path / 'earlier.db'}")
    yield revision, database
    database.dispose()


def rows_of(database: Database) -> dict[str, int]:
    """Return how many rows each table has."""
    assert database.file is not None
    return dict(examine(database.file).rows)


def made_of(database: Database) -> set[tuple[str, str, str]]:
    """Return every table, index and trigger with what it hangs on, and the words of triggers."""
    with database.read() as session:
        found = session.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")).all()
    return {(kind, name, sql if kind == "trigger" else table) for kind, name, table, sql in found}


def test_there_is_a_dump_of_every_revision_before_the_newest() -> None:
    revisions = sorted(file.name.partition("_")[0] for file in (migrating.SCRIPTS / "versions").glob("0*.py"))
    assert revisions[: len(RELEASED)] == RELEASED
    assert set(revisions) - set(RELEASED) <= UNRELEASED


def test_data_of_every_earlier_version_comes_along(earlier: tuple[str, Database]) -> None:
    revision, database = earlier
    assert database.revision() == revision
    before = rows_of(database)
    database.upgrade()
    after = rows_of(database)
    assert database.is_current()
    assert {table: after[table] for table in before if table != "sqlite_sequence"} == before
    assert database.file is not None
    assert examine(database.file).faults == ()


def test_an_earlier_version_becomes_just_what_a_new_one_is(earlier: tuple[str, Database], database: Database) -> None:
    _, upgraded = earlier
    upgraded.upgrade()
    assert made_of(upgraded) == made_of(database)
    with upgraded.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_what_every_earlier_version_held_says_the_same_afterwards(
    earlier: tuple[str, Database], demo_database: Database
) -> None:
    _, upgraded = earlier
    upgraded.upgrade()
    assert said_of(upgraded) == said_of(demo_database)


def said_of(database: Database) -> dict[str, tuple[object, ...]]:
    """Return what the assessments of the engagement of 2003 say, by unit."""
    with database.read() as session:
        views = load_current(session, get_engagement(session, "china-telecom-2003").id)
    shown = [view for view in views if view.round.key == "2003-09"]
    assert len(shown) == 4
    return {view.unit.key: (view.agreed, view.findings, view.published, view.scorecard.overall) for view in shown}


def test_a_migration_of_an_earlier_version_that_fails_leaves_it_as_it_was(
    earlier: tuple[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    revision, database = earlier
    before, made = rows_of(database), made_of(database)
    whole = migrating.upgrade

    def failing(connection: Connection, **options: Any) -> None:
        whole(connection, **options)
        raise RuntimeError("the power fails")

    monkeypatch.setattr(migrating, "upgrade", failing)
    with pytest.raises(RuntimeError, match="power"):
        database.upgrade()
    assert database.revision() == revision
    assert (rows_of(database), made_of(database)) == (before, made)


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("earlier", ["0004"], indirect=True)
def test_names_that_records_of_upgrades_had_copied_are_blanked_and_the_records_stay_append_only(
    earlier: tuple[str, Database],
) -> None:
    _, database = earlier
    record = '{"agreed":{},"interviews":[{"id":1,"interviewer":"司马","key":"i-01","respondent":"欧阳"}],"kind":"k"}'
    with database.begin() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        pinned = "(SELECT min(framework_snapshot_id) FROM assessment)"
        session.execute(
            text(
                "INSERT INTO upgrade (id, assessment_id, from_snapshot_id, to_snapshot_id, record, preview, at) "
                f"VALUES (77, (SELECT min(id) FROM assessment), {pinned}, {pinned}, :record, '{{}}', '2026-01-01')"
            ),
            {"record": record},
        )
    database.upgrade()
    with database.read() as session:
        (kept,) = session.execute(text("SELECT record FROM upgrade WHERE id = 77")).scalars()
    assert kept == '{"agreed":{},"interviews":[{"id":1,"key":"i-01"}],"kind":"k"}'
    with database.begin() as session, pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("UPDATE upgrade SET record = ''"))


@pytest.mark.parametrize("table", ["engagement", "assessment", "interview", "personal_link", "job", "attachment"])
def test_numbers_that_are_known_outside_are_given_out_once(database: Database, table: str) -> None:
    with database.read() as session:
        (made,) = session.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalars()
    assert "AUTOINCREMENT" in made
