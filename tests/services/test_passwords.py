"""Passwords: how they are kept, what may be one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher, Type

from app.services import passwords
from app.services.refusals import Invalid
from tests.services.signing import PASSWORD


def test_passwords_are_hashed_with_argon2id_as_strong_as_rfc_9106_asks(
    shipped_hasher: Callable[[], PasswordHasher],
) -> None:
    hasher = shipped_hasher()
    assert hasher.type is Type.ID
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 64 * 1024, 4)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "too-short"),
        ("x1" * 65, "too-long"),
        ("password1234", "too-common"),
        ("PassWord12345", "too-common"),
        ("administrator2026!", "too-common"),
        ("aaaaaaaaaaaaaaaa", "too-common"),
        ("iloveyou20262026", "too-common"),
        ("trustno1trustno1", "too-common"),
        ("qwertyuiop;lkjhgf", "too-common"),
        ("zhangwei-crm1", "too-close"),
        ("CRM-Maturity2026", "too-close"),
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_password(password, context=("zhangwei",))
    assert (refused.value.field, refused.value.code) == ("password", code)


@pytest.mark.parametrize("password", [PASSWORD, "夜来风雨声花落知多少春眠", "x" * 5 + "correct battery"])
def test_any_character_may_stand_in_a_password(password: str) -> None:
    passwords.check_password(password, context=("zhangwei",))


def test_generated_passwords_differ_and_pass_the_rules() -> None:
    made = {passwords.generate_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check_password(password)


def breached(folder: Path, words: list[str]) -> Path:
    hashes = sorted(hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in words)
    path = folder / "breached.txt"
    path.write_text("".join(f"{one}:{number}\r\n" for number, one in enumerate(hashes, 1)), "ascii")
    return path


@pytest.mark.parametrize("count", [1, 2, 3, 50, 1001])
def test_a_stolen_password_is_found_in_a_list_of_any_length(tmp_path: Path, count: int) -> None:
    words = [f"lost at sea number {number}" for number in range(count)]
    path = breached(tmp_path, words)
    assert all(passwords.stands_in(path, word) for word in words)
    assert not any(passwords.stands_in(path, f"{word}!") for word in words)


def test_a_stolen_password_is_refused_where_there_is_a_list(tmp_path: Path) -> None:
    passwords.check_password(PASSWORD)
    with pytest.raises(Invalid) as refused:
        passwords.check_password(PASSWORD, breached=breached(tmp_path, [PASSWORD, "x"]))
    assert refused.value.code == "breached"


def test_an_empty_list_refuses_nothing(tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("", "ascii")
    passwords.check_password(PASSWORD, breached=tmp_path / "none.txt")


def test_a_password_is_compared_whole_and_as_typed() -> None:
    known = passwords.hash_password("夜来风雨声 花落知多少 " + "x" * 100)
    assert passwords.password_fits(known, "夜来风雨声 花落知多少 " + "x" * 100)
    assert not passwords.password_fits(known, "夜来风雨声 花落知多少 " + "x" * 99)
    assert not passwords.password_fits(known, "夜来风雨声 花落知多少 " + "X" * 100)
    assert not passwords.password_fits("", "")
