"""A new secret key: nobody is signed out, nothing sealed is lost, and the former key is worth nothing in the end."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest

from app.services import second_factor, secret_keys
from app.services.sealing import Seal
from app.services.sign_ins import use_of
from app.settings import SECRET_KEY_FILE, SettingsFault, with_secret_key
from app.web.application import create_web
from app.web.context import EXTENSION
from tests.services.signing import sign_in
from tests.web.conftest import PASSWORD, Visitor

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings
    from app.storage.database import Database
    from tests.conftest import FixedClock

NOTHING: dict[str, str] = {}


def restarted(application: Flask) -> Flask:
    """Return the application as it is after a restart: with the keys of the file."""
    parts = application.extensions[EXTENSION]
    return create_web(replace(parts, settings=with_secret_key(parts.settings, NOTHING)))


def carried_over(visitor: Visitor, application: Flask) -> Visitor:
    """Return the same browser before another application."""
    client = application.test_client()
    cookie = visitor.client.get_cookie("session")
    assert cookie
    client.set_cookie("session", cookie.value)
    return Visitor(client)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.client.get("/engagements").status_code == 200


def test_after_a_rotation_everybody_stays_signed_in_and_the_former_key_signs_nothing_new(
    application: Flask, settings: Settings, web_database: Database
) -> None:
    before = Visitor(restarted(application).test_client())
    before.post("/sign-in", {"name": "reader", "password": PASSWORD})
    assert is_signed_in(before)
    assert secret_keys.rotate(settings, NOTHING) == 1
    between = restarted(application)
    kept = carried_over(before, between)
    assert is_signed_in(kept)
    fresh = Visitor(between.test_client())
    fresh.post("/sign-in", {"name": "reader", "password": PASSWORD})
    secret_keys.forget_former(web_database, settings, NOTHING)
    after = restarted(application)
    assert is_signed_in(carried_over(fresh, after))
    assert not is_signed_in(carried_over(before, after))


def test_what_a_former_key_sealed_opens_all_the_time(
    settings: Settings, web_database: Database, clock: FixedClock
) -> None:
    def seal() -> Seal:
        found = with_secret_key(settings, NOTHING)
        return Seal(found.secret_key, found.former_keys)

    with web_database.begin() as session:
        token = sign_in(session, "editor", PASSWORD, clock)
        assert token
        use = use_of(session, token, clock)
        assert use
        second_factor.begin(session, use.actor, seal=seal(), clock=clock)
        app = pyotp.TOTP(second_factor.enrolment(session, use.actor, seal=seal()).secret)
        second_factor.confirm(session, use.actor, app.at(clock()), seal=seal(), clock=clock)
        user_id = use.actor.user_id

    def fits(step: int) -> bool:
        code = app.at(clock() + timedelta(seconds=30 * step))
        with web_database.begin() as session:
            return second_factor.code_fits(session, user_id, code, seal=seal(), clock=clock)

    secret_keys.rotate(settings, NOTHING)
    assert fits(1)
    clock.advance(timedelta(minutes=5))
    assert secret_keys.forget_former(web_database, settings, NOTHING) == 1
    assert with_secret_key(settings, NOTHING).former_keys == ()
    assert fits(0)


def test_the_file_stays_private_and_holds_few_former_keys(settings: Settings) -> None:
    first = with_secret_key(settings, NOTHING).secret_key
    for count in (1, 2, 2):
        assert secret_keys.rotate(settings, NOTHING) == count
    found = with_secret_key(settings, NOTHING)
    assert len({found.secret_key, *found.former_keys}) == 3
    assert first not in (found.secret_key, *found.former_keys)
    assert stat.S_IMODE((settings.data / SECRET_KEY_FILE).stat().st_mode) == 0o600
    assert "former_keys" not in repr(found)


def test_a_key_of_the_environment_is_changed_there(settings: Settings) -> None:
    environ = {"SECRET_KEY": "n" * 40, "SECRET_KEY_FALLBACKS": "o" * 40}
    found = with_secret_key(settings, environ)
    assert (found.secret_key, found.former_keys) == ("n" * 40, ("o" * 40,))
    with pytest.raises(secret_keys.KeyElsewhere):
        secret_keys.rotate(settings, environ)
    with pytest.raises(SettingsFault, match="32"):
        with_secret_key(settings, {**environ, "SECRET_KEY_FALLBACKS": "short"})
