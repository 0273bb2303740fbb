"""Hosts that are asked, so that several processes ask each by turns."""

import sqlalchemy as sa
from alembic import op

from gazetteer.archive.schema import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "hosts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("held_until", Moment(), nullable=False),
        sa.Column("rests_until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_hosts"),
        sqlite_with_rowid=False,
    )
