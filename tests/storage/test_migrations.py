"""Migrations: one head, equal to the tables, atomic, and the triggers that make history append-only."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Executable, delete, insert, inspect, select, text, update
from sqlalchemy.exc import DatabaseError

from app.storage import migrating
from app.storage.database import Database
from app.storage.editing_tables import DraftRevisionRow, PublicationRow, UpgradeRow
from app.storage.report_tables import ReportSentenceRevisionRow
from app.storage.tables import AgreedScoreRevisionRow, AnswerRevisionRow, Base, FindingRevisionRow, SnapshotRow
from tests.conftest import FixedClock

FAILING = '''
"""Makes a table, then fails."""
import sqlalchemy as sa
from alembic import op
revision = "broken"
down_revision = "0004"

def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO engagement (key, created_at) VALUES ('half', '2026-01-01')")
    op.execute("this is no SQL")
'''


def test_there_is_one_newest_revision() -> None:
    assert len(migrating.heads()) == 1


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
    (scripts / "versions" / "9999_broken.py").write_text(FAILING, "utf-8")
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
    DraftRevisionRow,
    FindingRevisionRow,
    PublicationRow,
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
