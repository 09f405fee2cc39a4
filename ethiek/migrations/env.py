"""Run by alembic for every command: the connection comes from ``ethiek.db.schema``, transaction and all."""

from alembic import context

from ethiek.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
