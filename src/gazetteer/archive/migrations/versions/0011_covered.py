"""What is covered most is counted in the articles of its days: no index of counts by day is needed."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Take the index away."""
    op.drop_index("ix_counts_kind_day", "counts")
