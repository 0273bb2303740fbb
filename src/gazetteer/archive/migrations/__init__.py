"""How a database comes from one version to the next: Alembic's scripts."""
