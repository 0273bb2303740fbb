"""Stories, and what articles are gathered by."""

import sqlalchemy as sa
from alembic import op

from gazetteer.archive.schema import Moment

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "stories",
        sa.Column("id", _ID, nullable=False),
        sa.Column("into_id", sa.BigInteger(), nullable=True),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )
    op.create_index("ix_stories_newest", "stories", ["newest"])
    op.create_table(
        "tellings",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("features", sa.LargeBinary(), nullable=True),
        sa.Column("around", sa.Float(), nullable=False, server_default="0"),
        sa.Column("around_vector", sa.Float(), nullable=False, server_default="0"),
        sa.Column("log_odds", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_tellings_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_tellings_story_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_tellings"),
    )
    op.create_index("ix_tellings_story_id_article_id", "tellings", ["story_id", "article_id"])
    op.create_table(
        "story_words",
        sa.Column("word", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_story_words_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word", "article_id", name="pk_story_words"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_words_article_id", "story_words", ["article_id"])
    op.create_table(
        "word_counts",
        sa.Column("word", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_word_counts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_rules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_story_rules"),
    )
