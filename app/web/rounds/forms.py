"""Forms about rounds."""

from __future__ import annotations

from app.i18n import msgid
from app.web.forms import DayField, NamedForm, NameForm


class RoundForm(NameForm):
    """Another name and date."""

    day = DayField(msgid("日期"))


class NewRoundForm(RoundForm, NamedForm):
    """A new round."""
