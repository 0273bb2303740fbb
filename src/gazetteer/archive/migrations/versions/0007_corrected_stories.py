"""Stories that readers corrected, found without looking at the others."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the index."""
    corrected = sa.column("is_corrected", sa.Boolean()).is_(True)
    op.create_index(
        "ix_tellings_corrected", "tellings", ["story_id"], sqlite_where=corrected, postgresql_where=corrected
    )
