"""Users, sessions and tokens, what readers marked, and where entities went that were merged."""

import sqlalchemy as sa
from alembic import op

from gazetteer.archive.schema import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.add_column("entities", sa.Column("alias_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "seconds", "until", name="pk_attempts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attempts_until", "attempts", ["until"])
    op.create_table(
        "marks",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("starred_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_marks_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "reader", name="pk_marks"),
        sqlite_with_rowid=False,
    )
    starred = sa.text("starred_at IS NOT NULL")
    op.create_index(
        "ix_marks_starred", "marks", ["reader", "article_id"], sqlite_where=starred, postgresql_where=starred
    )
    op.create_table(
        "secrets",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_secrets"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("may_add", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
        sa.UniqueConstraint("name", name="uq_tokens_name"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("key", name="uq_users_key"),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_until", "sessions", ["until"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
