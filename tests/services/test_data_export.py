"""Everything of an engagement as one archive: complete, hashed, without names unless asked, without what unlocks."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.main import Factories, group
from app.content.cases import parse_case
from app.services.assessing import load_assessment
from app.services.data_export import NAMING, write_export
from app.services.permissions import NotPermitted, Part
from app.services.refusals import NotFound
from app.storage import erasing as store
from app.storage.database import Database
from app.storage.tables import Base
from tests.services.people import CLIENT, NAME, House
from tests.web.walls.world import FIRM, SAID


def exported(house: House, *, names: bool = False) -> dict[str, bytes]:
    """Return the archive's files."""
    made = BytesIO()
    with house.database.read() as session:
        write_export(
            session,
            FIRM,
            made,
            names=names,
            settings=house.settings,
            actor=house.member(Part.LEAD),
            clock=house.clock,
        )
    with zipfile.ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(files: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"tables/{table}.jsonl"].splitlines()]


def test_every_row_and_every_file_of_an_engagement_is_there(house: House) -> None:
    files = exported(house)
    manifest = json.loads(files["manifest.json"])
    with house.database.read() as session:
        assert manifest["rows"] == store.count_rows(session, house.engagement_id)
        named = store.files_named(session, house.engagement_id)
    assert {name: len(rows(files, name)) for name in manifest["rows"]} == manifest["rows"]
    assert {name for name in files if name.startswith("attachments/")} == {
        f"attachments/{name}" for name in named.attachments
    }
    listed = [json.loads(line) for line in files["report-files.jsonl"].splitlines()]
    assert {one["file"] for one in listed if one["kept"]} == named.products
    assert manifest["engagement"]["zh"] == CLIENT
    assert SAID in files["tables/answer.jsonl"].decode()
    assert SAID in files["tables/answer_revision.jsonl"].decode()


def test_the_manifest_has_the_hash_of_every_other_file(house: House) -> None:
    files = exported(house)
    manifest = json.loads(files["manifest.json"])
    told = {one["path"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    assert told == {
        path: (len(content), hashlib.sha256(content).hexdigest())
        for path, content in files.items()
        if path != "manifest.json"
    }


def test_names_of_people_stay_out_unless_asked_for(house: House) -> None:
    without = b"".join(content for content in exported(house).values())
    assert NAME.encode() not in without
    assert "顾问甲".encode() not in without
    assert "赵总".encode() not in without
    asked = exported(house, names=True)
    assert NAME in {row["label"] for row in rows(asked, "respondent")}
    assert NAME in asked[next(name for name in asked if name.startswith("cases/"))].decode()


def test_columns_that_name_people_are_columns_that_there_are() -> None:
    assert {
        table: names <= set(Base.metadata.tables[table].c.keys()) for table, names in NAMING.items()
    } == dict.fromkeys(NAMING, True)


def test_what_opens_a_link_never_leaves(house: House) -> None:
    files = exported(house, names=True)
    assert b"token_hash" not in b"".join(files.values())
    assert rows(files, "personal_link")


def test_cases_of_the_archive_can_be_read_again(house: House) -> None:
    cases = {name: text.decode() for name, text in exported(house).items() if name.startswith("cases/")}
    assert len(cases) == 2
    for name, text in cases.items():
        with house.database.read() as session:
            framework = load_assessment(session, int(name.removeprefix("cases/").partition("-")[0])).framework
        case, _ = parse_case(text, name=name, framework=framework)
        assert case.scores


def test_the_trail_of_the_archive_names_accounts_by_number(house: House) -> None:
    lines = [json.loads(line) for line in exported(house)["trail.jsonl"].splitlines()]
    assert lines
    assert {line["user"] for line in lines} == {None}
    assert any(line["user_id"] for line in lines)


def test_nothing_of_another_engagement_is_in_it(house: House) -> None:
    whole = b"".join(exported(house, names=True).values()).decode("utf-8", "replace")
    assert "china-telecom-2003" not in whole
    assert "福州" not in whole


def test_an_evidence_file_that_is_lost_is_named(house: House) -> None:
    for file in (house.settings.data / "attachments").glob("*"):
        file.unlink()
    manifest = json.loads(exported(house)["manifest.json"])
    assert len(manifest["missing"]) == 2


def test_a_consultant_may_not_take_everything_out(house: House) -> None:
    with house.database.read() as session, pytest.raises(NotPermitted):
        write_export(
            session,
            FIRM,
            BytesIO(),
            names=False,
            settings=house.settings,
            actor=house.member(Part.CONSULTANT),
            clock=house.clock,
        )


# --- on the command line ---------------------------------------------------------------------------------------------


def crm(house: House, *arguments: str, typed: str | None = None) -> Result:
    """Run a command over the house."""

    def nothing(*_: object) -> Any:
        raise AssertionError

    factories = Factories(
        settings=lambda: house.settings,
        library=nothing,
        database=lambda: Database(house.settings.database_url),
        application=nothing,
        worker=nothing,
        attempt=nothing,
        command=("crm-maturity",),
    )
    return CliRunner().invoke(group, arguments, obj=factories, input=typed)


def test_the_command_writes_the_archive_once_and_never_over_a_file(house: House, tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    made = crm(house, "export-engagement", FIRM, "--out", str(out))
    assert (made.exit_code, out.stat().st_mode & 0o777) == (0, 0o600)
    with zipfile.ZipFile(out) as archive:
        assert "manifest.json" in archive.namelist()
    assert crm(house, "export-engagement", FIRM, "--out", str(out)).exit_code == 2
    assert crm(house, "export-engagement", "nobody", "--out", str(tmp_path / "x.zip")).exit_code == 1
    assert [file.name for file in tmp_path.glob("*.zip")] == ["all.zip"]


def test_the_command_erases_only_what_is_typed_in_full(house: House) -> None:
    refused = crm(house, "erase-engagement", FIRM, typed="fir\n")
    assert (refused.exit_code, "not-confirmed" in refused.output) == (1, True)
    done = crm(house, "erase-engagement", FIRM, typed=f"{FIRM}\n")
    assert done.exit_code == 0, done.output
    assert "erased: " in done.output
    with house.database.read() as session, pytest.raises(NotFound):
        write_export(session, FIRM, BytesIO(), names=False, settings=house.settings, actor=None, clock=house.clock)
    assert crm(house, "erase-engagement", FIRM, "--confirm", FIRM).exit_code == 1
