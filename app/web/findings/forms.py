"""The form of a finding, and the form of a file. Texts and sources are judged by the services, not here."""

from __future__ import annotations

from flask import request
from wtforms import FileField, RadioField, SelectField, TextAreaField, validators

from app.core.text import Text
from app.i18n import msgid
from app.services.findings import LONGEST_FINDING, Draft
from app.web.context import translate
from app.web.forms import Form
from app.web.interviews.wording import STRENGTHS

TOO_LONG = msgid("太长了，请缩短。")
UNDECIDED = ""


class FindingForm(Form):
    """A finding in one or both languages, the strength of its evidence, and (as boxes of their own) its sources."""

    text_zh = TextAreaField(msgid("发现（中文）"), [validators.Length(max=LONGEST_FINDING * 2, message=TOO_LONG)])
    text_en = TextAreaField(msgid("发现（英文）"), [validators.Length(max=LONGEST_FINDING * 2, message=TOO_LONG)])
    strength = RadioField(msgid("证据强度"), default=UNDECIDED)

    def __init__(self, draft: Draft | None = None) -> None:
        """Show a draft, or what was posted."""
        if draft is None:
            super().__init__()
            self.sources = frozenset(int(one) for one in request.form.getlist("source") if _is_id(one))
        else:
            strength = UNDECIDED if draft.strength is None else str(draft.strength)
            super().__init__(formdata=None, text_zh=draft.text.zh, text_en=draft.text.en, strength=strength)
            self.sources = frozenset(draft.sources)
        words = [(str(value), translate(word)) for value, word in enumerate(STRENGTHS)]
        self.strength.choices = [(UNDECIDED, translate("未判断")), *words]

    def draft(self) -> Draft:
        """Return what was filled in; an unknown strength counts as undecided."""
        strength = self.strength.data or ""
        return Draft(
            Text(self.text_zh.data or None, self.text_en.data or None),
            int(strength) if strength in {str(value) for value in range(len(STRENGTHS))} else None,
            tuple(sorted(self.sources)),
        )


class FileForm(Form):
    """A file, and the finding that it shows."""

    file = FileField(msgid("文件"))
    finding = SelectField(msgid("属于"), default="", validate_choice=False)


def posted_version() -> int:
    """Return the version that the posted form was drawn from; 0 if it does not say."""
    return posted_id("version") or 0


def posted_id(name: str) -> int | None:
    """Return the id under this name in form or query; None for none, or for what is no id."""
    written = request.values.get(name, "")
    return int(written) if _is_id(written) else None


def _is_id(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) < 10
