"""The addresses that feeds had before they moved."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "moves",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_moves_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name="pk_moves"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_moves_feed_id", "moves", ["feed_id"])
