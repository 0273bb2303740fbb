"""Where a name is quoted, found without looking at where it is not."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the column and its index."""
    op.add_column("appearances", sa.Column("is_quoted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE appearances SET is_quoted = true WHERE EXISTS (SELECT 1 FROM quotes "
        "WHERE quotes.article_id = appearances.article_id AND quotes.number = appearances.number)"
    )
    quoted = sa.column("is_quoted", sa.Boolean()).is_(True)
    op.create_index(
        "ix_appearances_quoted",
        "appearances",
        ["entity_id", "article_id"],
        sqlite_where=quoted,
        postgresql_where=quoted,
    )
