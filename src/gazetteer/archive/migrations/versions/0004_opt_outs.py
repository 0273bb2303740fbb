"""What publishers ask beside their pages, kept with the pages."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the column."""
    op.add_column("captures", sa.Column("opt_outs", sa.LargeBinary(), nullable=True))
