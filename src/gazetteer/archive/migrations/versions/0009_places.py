"""What all names of one country or city share. Names that are kept already stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the column and its index."""
    op.add_column("entities", sa.Column("place", sa.Text(), nullable=True))
    op.create_index("ix_entities_place", "entities", ["place"])
