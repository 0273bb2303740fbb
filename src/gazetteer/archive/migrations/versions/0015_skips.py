"""When publishers ask that their feeds be left alone, which a feed that did not change does not say again."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the column; it is filled as feeds are read."""
    op.add_column("feeds", sa.Column("skips", sa.Text(), nullable=False, server_default="[[], []]"))
