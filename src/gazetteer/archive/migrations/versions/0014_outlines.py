"""The list of feeds, with each place of a feed, and with what lists say of their lines."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables, put each feed into its folder, and forget the column that said it."""
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("prefixes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lists"),
    )
    outlines = op.create_table(
        "outlines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("feed_id", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["outlines.id"], name="fk_outlines_parent_id", deferrable=True, initially="DEFERRED"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_outlines_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outlines"),
    )
    op.create_index("ix_outlines_parent_id", "outlines", ["parent_id"])
    op.create_index("ix_outlines_feed_id", "outlines", ["feed_id"])
    _place(outlines)
    op.drop_column("feeds", "folders")


def _place(outlines: sa.Table) -> None:
    connection = op.get_bind()
    made: dict[tuple[str, ...], int | None] = {(): None}

    def put(parent: int | None, feed: int | None, name: str) -> int:
        row = {"parent_id": parent, "feed_id": feed, "name": name, "attributes": "[]"}
        return int(connection.execute(outlines.insert().values(row).returning(outlines.c.id)).scalar_one())

    for feed, written in connection.execute(sa.text("SELECT id, folders FROM feeds ORDER BY id")).all():
        path = tuple(filter(None, json.loads(written)))
        for depth in range(len(path)):
            within = path[: depth + 1]
            if within not in made:
                made[within] = put(made[path[:depth]], None, within[-1])
        put(made[path], feed, "")
