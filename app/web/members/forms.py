"""Forms about members."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField

from app.i18n import msgid
from app.services.accounts import UserView
from app.services.permissions import Part
from app.web.forms import Form
from app.web.inviting.forms import part_choices


class PartForm(Form):
    """Another part for a member."""

    part = SelectField(msgid("在项目中的身份"), choices=part_choices)


class MemberForm(PartForm):
    """An account that is there, and what it will be in the engagement."""

    name = SelectField(msgid("账号"), choices=list)

    def offer(self, candidates: Sequence[UserView]) -> None:
        """Let one of these be chosen."""
        self.name.choices = [(one.name, f"{one.display_name} ({one.name})") for one in candidates]
        if self.part.data is None:
            self.part.data = Part.CONSULTANT.value
