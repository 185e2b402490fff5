"""How Alembic reaches the database: on the connection that `store.schema` hands it, with every table imported."""

from alembic import context

from store.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
