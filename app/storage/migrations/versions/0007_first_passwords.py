"""A password that the program made runs out: until when each lasts. Those that stand already last as before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add one column; nothing that is stored is touched."""
    op.add_column("user", sa.Column("password_until", sa.DateTime(), nullable=True))
