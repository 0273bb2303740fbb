"""What readers follow, and up to which article was told of it."""

import sqlalchemy as sa
from alembic import op

from gazetteer.archive.schema import Moment

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "follows",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follows"),
        sa.UniqueConstraint("reader", "kind", "number", "query", name="uq_follows_reader_kind_number_query"),
    )
    op.create_table(
        "notified",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notified"),
    )
    op.create_index("ix_articles_kept_at_id", "articles", ["kept_at", "id"])
