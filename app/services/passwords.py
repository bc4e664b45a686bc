"""Passwords: what one must be, how it is kept (argon2id), how it is compared. Knows no user."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.services.common_passwords import COMMON
from app.services.refusals import Invalid

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
LONGEST_TRIED = MAXIMUM_LENGTH * 8
FEWEST_DIFFERENT = 5
FEWEST_GUESSES = 10**8  # zxcvbn: from here on safe against guessing without the hash
ESTIMATED = 72  # characters that the estimate looks at; it takes long over more
LEFT_BESIDE_CONTEXT = 6
CONTEXT = ("crm-maturity", "crmmaturity", "crm", "maturity", "telecom", "能力成熟度", "评估")
LONGEST_LINE = 128  # of a list of breached passwords: 40 hexadecimal digits, perhaps a colon and a count


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id, RFC 9106's parameters for limited memory


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def generate_password() -> str:
    """Return a random password of 118 bits that can be read out and typed."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(6)) for _ in range(4))


def check_password(password: str, *, context: Iterable[str] = (), breached: Path | None = None) -> None:
    """Raise Invalid unless `password` is long enough, not common and not made of `context` words (names, product).

    `breached`: a file of SHA-1 hashes in order, as Have I Been Pwned hands it out, in which it must not stand.
    """
    if len(password) < MINIMUM_LENGTH:
        raise Invalid("password", "too-short", f"use {MINIMUM_LENGTH} characters or more", least=str(MINIMUM_LENGTH))
    if len(password) > MAXIMUM_LENGTH:
        raise Invalid("password", "too-long", f"use {MAXIMUM_LENGTH} characters or fewer", most=str(MAXIMUM_LENGTH))
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT or folded in COMMON or folded.rstrip("0123456789!.@#") in COMMON:
        raise Invalid("password", "too-common", "this password is among the first that are tried; choose another")
    rest = folded
    for word in sorted({w.casefold() for w in (*CONTEXT, *context) if len(w) > 2}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < LEFT_BESIDE_CONTEXT:
        raise Invalid("password", "too-close", "this password is little more than a name; add words of your own")
    if guesses(password, context) < FEWEST_GUESSES:
        raise Invalid("password", "too-common", "this password is guessed too soon; add words without a link")
    if breached is not None and stands_in(breached, password):
        raise Invalid("password", "breached", "this password stands in lists of stolen ones; choose another")


def guesses(password: str, context: Iterable[str] = ()) -> int:
    """Return how many guesses an attacker needs who knows common passwords, names, words, keyboards and `context`."""
    from zxcvbn import zxcvbn  # its long lists are loaded when somebody chooses a password

    return int(zxcvbn(password[:ESTIMATED], user_inputs=[*CONTEXT, *context])["guesses"])


def stands_in(breached: Path, password: str) -> bool:
    """Tell whether a password's SHA-1 stands in a sorted file of such hashes; looks at some twenty of its lines."""
    wanted = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper().encode()
    with breached.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            file.seek(max(0, middle - 1))
            if middle:
                file.readline(LONGEST_LINE)  # to the beginning of the next line
            begin = file.tell()
            found = file.readline(LONGEST_LINE)[: len(wanted)].upper()
            if found == wanted:
                return True
            if found and found < wanted and begin < high:
                low = file.tell()
            else:
                high = middle
    return False


def hash_password(password: str) -> str:
    """Return what the database keeps of a password."""
    return _hasher().hash(password)


def password_fits(known: str | None, password: str) -> bool:
    """Tell whether a password is the one whose hash is `known`; takes as long when there is none to compare with."""
    try:
        _hasher().verify(known or _hash_of_nobody(), password[:LONGEST_TRIED])
    except (VerificationError, InvalidHashError):
        return False
    return bool(known)


def needs_renewal(known: str) -> bool:
    """Tell whether a hash was made with former parameters."""
    return _hasher().check_needs_rehash(known)
