"""The operating commands, as an operator types them, on a data folder of their own."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

import app
from app import bootstrap
from app.cli.main import Factories, group
from app.content.cases import read_case
from app.content.library import Library
from app.services import batches, guides, reporting
from app.settings import CHECKOUT, SettingsFault, read_settings
from app.storage.database import Database
from tests.services.releases import scored

Command = Callable[..., Result]
CASES = CHECKOUT / "frameworks" / "telecom-crm" / "cases"
PASSWORD = "nine lanterns on the pier"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that the environment names."""
    folder = tmp_path / "data"
    monkeypatch.setenv("CRM_MATURITY_DATA", str(folder))
    for name in ("DATABASE_URL", "SECRET_KEY", "CRM_MATURITY_ROOT"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def crm(data: Path, library: Library) -> Command:
    """Run `crm-maturity` in this process; the answer has `exit_code`, `stdout`, `stderr`."""
    # the shipped content, which is what these settings name, was read already
    factories = Factories(
        settings=read_settings,
        library=lambda root: library if root is None else bootstrap.open_library(root),
        database=bootstrap.open_database,
        application=bootstrap.create_application,
        worker=bootstrap.create_worker,
        attempt=bootstrap.run_attempt,
        command=bootstrap.COMMAND,
    )

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(group, list(arguments), obj=factories, input=typed, prog_name="crm-maturity")

    return run


@pytest.fixture
def ready(crm: Command, data: Path, demo_file: Path) -> Command:
    """The same, over a prepared database with the engagement of 2003."""
    data.mkdir(mode=0o700)
    shutil.copy(demo_file, data / "crm-maturity.db")
    return crm


def test_setup_prints_the_first_password_once_and_the_way_back_later(crm: Command, data: Path) -> None:
    first = crm("setup")
    assert first.exit_code == 0
    assert re.search(r"^account: admin$", first.stdout, re.MULTILINE)
    assert re.search(r"^address: http://127\.0\.0\.1:8000/$", first.stdout, re.MULTILINE)
    (password,) = re.findall(r"^password: (\S{20,})$", first.stdout, re.MULTILINE)
    second = crm("setup")
    assert second.exit_code == 0
    assert password not in second.output
    assert "account: admin" in second.stdout
    assert "crm-maturity user password admin" in second.stdout
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_upgrade_and_demo_may_be_run_again(crm: Command) -> None:
    for _ in range(2):
        assert crm("db", "upgrade").exit_code == 0
        assert crm("demo").exit_code == 0
    assert crm("export", "--assessment", "4").exit_code == 0
    assert crm("export", "--assessment", "5").exit_code == 1


def test_a_database_that_cannot_be_opened_is_told(
    crm: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'x.db'}")
    refused = crm("db", "upgrade")
    assert refused.exit_code == 1
    assert "cannot be used" in refused.stderr
    (tmp_path / "garbage.db").write_text("no database at all, but long enough to be read as one" * 100)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'garbage.db'}")
    for command in (["demo"], ["db", "upgrade"]):
        refused = crm(*command)
        assert refused.exit_code == 1
        assert "cannot be used" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("user", "list"),
        ("user", "first"),
        ("user", "add", "x"),
        ("import", str(CASES / "fuzhou-2003.yaml"), "--engagement", "e"),
        ("export", "--assessment", "1"),
        ("serve",),
        ("worker",),
    ],
)
def test_a_command_before_db_upgrade_says_what_to_do(crm: Command, arguments: tuple[str, ...]) -> None:
    done = crm(*arguments)
    assert done.exit_code == 1
    assert "crm-maturity db upgrade" in done.stderr


def test_a_user_is_added_with_a_password_that_is_printed_once(ready: Command) -> None:
    added = ready("user", "add", "Bob", "--role", "reader", "--display-name", "鲍勃")
    assert added.exit_code == 0
    assert re.search(r"^password: \S{20,}$", added.stdout, re.MULTILINE)
    listed = json.loads(ready("user", "list", "--format", "json").stdout)
    (bob,) = listed["users"]
    assert (bob["name"], bob["role"], bob["display_name"], bob["disabled"]) == ("bob", "reader", "鲍勃", False)
    assert "bob\treader\t鲍勃" in ready("user", "list").stdout


def test_a_password_may_come_from_standard_input_and_is_not_printed(ready: Command) -> None:
    added = ready("user", "add", "bob", "--password-stdin", typed=PASSWORD + "\n")
    assert added.exit_code == 0
    assert PASSWORD not in added.output
    assert "password" not in added.stdout
    changed = ready("user", "password", "bob", "--password-stdin", typed="seven herons in the reeds\n")
    assert changed.exit_code == 0


def test_a_forgotten_password_is_replaced(ready: Command) -> None:
    ready("user", "add", "bob")
    assert re.search(r"^password: \S{20,}$", ready("user", "password", "bob").stdout, re.MULTILINE)
    assert ready("user", "password", "nobody").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (("user", "add", "bob", "--password-stdin"), "short\n", "12 characters"),
        (("user", "add", "two words"), None, "bad-name"),
        (("user", "add", "admin"), None, "taken"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_exit_code_1(
    ready: Command, arguments: tuple[str, ...], typed: str | None, says: str
) -> None:
    ready("user", "first")
    refused = ready(*arguments, typed=typed)
    assert refused.exit_code == 1
    assert says in refused.stderr


def test_a_case_goes_in_and_comes_out_equal(ready: Command, tmp_path: Path, library: Library) -> None:
    source = CASES / "guangzhou-2003.yaml"
    put = ready("import", str(source), "--engagement", "mine", "--format", "json")
    assert put.exit_code == 0
    document = json.loads(put.stdout)
    assert (document["engagement"], document["case"]) == ("mine", "guangzhou-2003")
    out = tmp_path / "out.yaml"
    taken = ready("export", "--assessment", str(document["assessment"]), "--out", str(out))
    assert taken.exit_code == 0
    assert read_case(out, library=library) == read_case(source, library=library)
    printed = ready("export", "--engagement", "mine", "--unit", "guangzhou", "--round", "2003-09")
    assert printed.stdout == out.read_text("utf-8")


def test_importing_over_what_is_there_prints_every_difference(ready: Command, tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    text = (CASES / "shenzhen-2003.yaml").read_text("utf-8")
    changed.write_text(text.replace("score: 1.0", "score: 1.5", 1), "utf-8")
    refused = ready("import", str(changed), "--engagement", "china-telecom-2003", "--format", "json")
    assert refused.exit_code == 1
    errors = json.loads(refused.stdout)["errors"]
    assert [error["path"] for error in errors] == ["", "scores.customer-data-strategy.score"]
    assert {error["code"] for error in errors} == {"already-there"}
    revised = ready("import", str(changed), "--engagement", "china-telecom-2003", "--as-revision")
    assert revised.exit_code == 0


def test_a_case_over_a_released_assessment_needs_a_reason(ready: Command, data: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{data / 'crm-maturity.db'}")
    with database.begin() as session:
        first = scored(session, "shenzhen")
        session.execute(text("UPDATE assessment SET state = 'published' WHERE id = :id"), {"id": first})
    changed = tmp_path / "changed.yaml"
    words = (CASES / "shenzhen-2003.yaml").read_text("utf-8")
    changed.write_text(words.replace("score: 1.0", "score: 1.5", 1), "utf-8")
    arguments = ("import", str(changed), "--engagement", "china-telecom-2003")
    assert "--as-revision --reason TEXT" in ready(*arguments).output
    refused = ready(*arguments, "--as-revision")
    assert refused.exit_code == 1
    assert "reason must be filled in" in refused.output
    assert ready(*arguments, "--as-revision", "--reason", "misread").exit_code == 0
    with database.read() as session:
        kept = session.execute(text("SELECT correction FROM assessment ORDER BY id DESC LIMIT 1")).scalar_one()
    assert kept == "misread"


def test_a_case_with_faults_is_refused_with_their_places(ready: Command, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    text = (CASES / "shenzhen-2003.yaml").read_text("utf-8")
    faulty.write_text(text.replace("score: 1.0", "score: 1.1", 1), "utf-8")
    refused = ready("import", str(faulty), "--engagement", "mine", "--format", "json")
    assert refused.exit_code == 1
    (error,) = json.loads(refused.stdout)["errors"]
    assert error["line"] == faulty.read_text("utf-8").splitlines().index("    score: 1.1") + 1
    assert error["path"] == "scores.customer-data-strategy.score"


def test_a_case_may_bring_its_framework_along(ready: Command, tmp_path: Path) -> None:
    folder = tmp_path / "frameworks" / "tiny"
    (folder / "cases").mkdir(parents=True)
    (folder / "framework.yaml").write_text(
        "format: 1\nkind: framework\nid: tiny\nversion: 1.0.0\nname: {zh: 小, en: Tiny}\n"
        "tiers: [{id: element, name: {zh: 要素, en: Element}}]\n"
        "scale: {min: 1, max: 7, step: 0.25, levels: [{value: 1, name: {zh: 低, en: Low}}, "
        "{value: 7, name: {zh: 高, en: High}}]}\n"
        "rollup: {method: weighted-mean, coverage: {publish: 0.8, provisional: 0.6}}\n"
        "capabilities: [{id: only, name: {zh: 唯一, en: Only}}]\n",
        "utf-8",
    )
    case = folder / "cases" / "branch.yaml"
    case.write_text(
        "format: 1\nkind: case\nid: branch\nframework: tiny@1.0.0\nunit: {id: branch, name: {zh: 支局}}\n"
        "round: {id: 2026-03, name: {zh: 一轮}}\nscores: {only: {score: 3.25}}\n",
        "utf-8",
    )
    assert ready("import", str(case), "--engagement", "mine").exit_code == 0
    exported = ready("export", "--engagement", "mine", "--unit", "branch", "--round", "2026-03")
    assert "score: 3.25" in exported.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("export",),
        ("export", "--engagement", "e", "--unit", "u"),
        ("import", "nowhere.yaml", "--engagement", "e"),
        ("import", str(CASES / "fuzhou-2003.yaml")),
        ("user", "add", "x", "--role", "emperor"),
        ("serve", "--port", "70000"),
        ("nonsense",),
    ],
)
def test_wrong_usage_ends_with_exit_code_2(ready: Command, arguments: tuple[str, ...]) -> None:
    assert ready(*arguments).exit_code == 2


@pytest.mark.parametrize(
    "place",
    [
        ("--engagement", "nowhere", "--unit", "fuzhou", "--round", "2003-09"),
        ("--engagement", "china-telecom-2003", "--unit", "guangdong", "--round", "2003-09"),
        ("--assessment", "4711"),
    ],
)
def test_an_export_of_nothing_ends_with_exit_code_1(ready: Command, place: tuple[str, ...]) -> None:
    assert ready("export", *place).exit_code == 1


def test_the_doctor_finds_a_prepared_installation_fit(ready: Command, data: Path) -> None:
    bootstrap.create_application(read_settings())
    examined = ready("doctor", "--format", "json")
    document = json.loads(examined.stdout)
    assert examined.exit_code == 0, examined.stdout
    assert {check["name"] for check in document["checks"]} >= {"data", "sqlite", "database", "pragmas", "secret-key"}
    assert document["errors"] == []
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600


def test_the_doctor_sees_what_is_wrong(ready: Command, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "secret-key").write_text("x" * 40)
    (data / "secret-key").chmod(0o644)
    data.chmod(0o755)
    monkeypatch.setattr("app.cli.doctor.sqlite_version", lambda: "3.40.1")
    examined = ready("doctor", "--format", "json")
    document = json.loads(examined.stdout)
    assert examined.exit_code == 1
    assert [error["code"] for error in document["errors"]] == ["secret-key"]
    assert {warning["code"] for warning in document["warnings"]} >= {"sqlite", "data"}
    assert "error" in ready("doctor").stdout


def test_the_doctor_names_an_unprepared_installation(crm: Command) -> None:
    examined = crm("doctor")
    assert examined.exit_code == 1
    assert "crm-maturity db upgrade" in examined.stdout


def test_settings_that_cannot_be_used_are_told(crm: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def unusable() -> None:
        raise SettingsFault("config.yaml: port must be a whole number")

    monkeypatch.setattr("app.bootstrap.read_settings", unusable)
    refused = crm("db", "upgrade")
    assert refused.exit_code == 1
    assert "config.yaml" in refused.stderr


def test_the_secret_key_of_the_environment_wins(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a key of the environment, long enough")
    web = bootstrap.create_application(read_settings())
    assert web.secret_key == "a key of the environment, long enough"
    assert not (data / "secret-key").exists()


def test_the_log_names_request_and_user_but_not_what_was_searched_for(
    ready: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    web = bootstrap.create_application(read_settings())
    web.test_client().get("/search?q=%E7%A7%98%E5%AF%86")
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines() if '"path": "/search"' in line]
    assert (line["method"], line["status"], line["event"], line["user"]) == ("GET", 302, "request", None)
    assert line["request"]
    assert line["timestamp"].endswith("Z")
    assert "秘密" not in str(line)
    assert "%E7" not in str(line)


def test_flask_finds_the_application(ready: Command) -> None:
    assert "signing" in app.create_app().blueprints


def test_every_kind_of_job_has_a_handler(data: Path) -> None:
    settings = read_settings()
    database = bootstrap.open_database(settings)
    assert set(bootstrap.job_handlers(settings, database)) == {reporting.KIND, batches.KIND, guides.KIND}
