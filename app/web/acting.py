"""How a view changes something: one writing transaction, refusals put into words, then a redirect."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import flash, redirect
from werkzeug.wrappers import Response

from app.services.refusals import Invalid
from app.web.context import context
from app.web.forms import Form
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.storage.database import Session

Change = Callable[["Session"], object]


def stored(form: Form, change: Change) -> bool:
    """Carry out `change` with a valid form; False puts the faults at the form's fields and changes nothing."""
    if not form.validate():
        return False
    try:
        with context().database.begin() as session:
            change(session)
    except Invalid as refused:
        form.add_refusal(refused)
        return False
    return True


def act(change: Change, *, done: str, back: str) -> Response:
    """Carry out `change`, say `done` (or why not) at the top of the page `back`."""
    try:
        with context().database.begin() as session:
            change(session)
    except Invalid as refused:
        flash(sentence(refused), "error")
    else:
        flash(done)
    return redirect(back)
