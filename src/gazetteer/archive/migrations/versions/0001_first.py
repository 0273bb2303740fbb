"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from gazetteer.archive.schema import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and each database's own index of words."""
    _make_tables()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search USING fts5 (title, body, fields, content = '', tokenize = 'ascii')")
    else:
        op.create_index("ix_documents_words", "documents", ["words"], postgresql_using="gin")


def _make_tables() -> None:
    op.create_table(
        "authors",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authors"),
        sa.UniqueConstraint("key", name="uq_authors_key"),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
    )
    op.create_table(
        "counts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("toned", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Float(), nullable=False),
        sa.Column("negative", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", "day", name="pk_counts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_counts_kind_day", "counts", ["kind", "day"])
    op.create_table(
        "entities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("subdivision", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_entities"),
    )
    op.create_table(
        "publishers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publishers"),
        sa.UniqueConstraint("key", name="uq_publishers_key"),
    )
    op.create_table(
        "tag_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag_rules"),
        sa.UniqueConstraint("name", name="uq_tag_rules_name"),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("key", name="uq_tags_key"),
    )
    op.create_table(
        "totals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", name="pk_totals"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_totals_kind_articles_subject_id", "totals", ["kind", "articles", "subject_id"])
    op.create_table(
        "aliases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="fk_aliases_entity_id"),
        sa.PrimaryKeyConstraint("id", name="pk_aliases"),
        sa.UniqueConstraint("key", "label", "country", name="uq_aliases_key_label_country"),
    )
    op.create_index("ix_aliases_entity_id", "aliases", ["entity_id"])
    op.create_table(
        "articles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("publisher_id", sa.BigInteger(), nullable=True),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("modified_at", Moment(), nullable=True),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("positivity", sa.Float(), nullable=True),
        sa.Column("negativity", sa.Float(), nullable=True),
        sa.Column("neutral", sa.Float(), nullable=True),
        sa.Column("leaning", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publishers.id"], name="fk_articles_publisher_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_changed_at_id", "articles", ["changed_at", "id"])
    op.create_index("ix_articles_language_id", "articles", ["language", "id"])
    op.create_index("ix_articles_leaning_id", "articles", ["leaning", "id"])
    op.create_index("ix_articles_publisher_id_id", "articles", ["publisher_id", "id"])
    op.create_table(
        "addresses",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_addresses_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name="pk_addresses"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_addresses_article_id", "addresses", ["article_id"])
    op.create_table(
        "annotations",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("read_at", Moment(), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_annotations_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name="pk_annotations"),
    )
    op.create_table(
        "appearances",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alias_id", sa.BigInteger(), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Float(), nullable=True),
        sa.Column("negative", sa.Float(), nullable=True),
        sa.Column("neutral", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["alias_id"], ["aliases.id"], name="fk_appearances_alias_id"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_appearances_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="fk_appearances_entity_id"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_appearances"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_appearances_alias_id", "appearances", ["alias_id"])
    op.create_index("ix_appearances_entity_id_article_id", "appearances", ["entity_id", "article_id"])
    op.create_table(
        "captures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("fetched_at", Moment(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_captures_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint("article_id", "version", name="uq_captures_article_id_version"),
    )
    op.create_index("ix_captures_sha256", "captures", ["sha256"])
    op.create_table(
        "credits",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_credits_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_credits_author_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "author_id", name="pk_credits"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_credits_author_id_article_id", "credits", ["author_id", "article_id"])
    op.create_table(
        "documents",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_documents_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name="pk_documents"),
    )
    op.create_table(
        "mentions",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("sentence", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_mentions_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "number", "start", name="pk_mentions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quotes",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_quotes_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_quotes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_reviews_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_article_id_id", "reviews", ["article_id", "id"])
    op.create_table(
        "sentences",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Float(), nullable=True),
        sa.Column("negative", sa.Float(), nullable=True),
        sa.Column("neutral", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_sentences_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_sentences"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "taggings",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_taggings_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_taggings_tag_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "tag_id", name="pk_taggings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_taggings_tag_id_article_id", "taggings", ["tag_id", "article_id"])
    op.create_table(
        "versions",
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.Column("article", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_versions_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_versions"),
    )
