"""Engine, session, and the one transaction per request.

A view writes ``with db.transaction() as session`` and reads ``with db.reading() as session``; everything
else here is for start-up, commands and the worker.
"""

from sqlalchemy.orm import Session

from ethiek.db.engine import check, configure, database_file, engine_options, make_engine
from ethiek.db.schema import current_revision, differences, downgrade, draft_revision, upgrade
from ethiek.db.transactions import (
    db,
    init_app,
    own_reading,
    own_transaction,
    reading,
    transaction,
    writing,
)

__all__ = [
    "Session",
    "check",
    "configure",
    "current_revision",
    "database_file",
    "db",
    "differences",
    "downgrade",
    "draft_revision",
    "engine_options",
    "init_app",
    "make_engine",
    "own_reading",
    "own_transaction",
    "reading",
    "transaction",
    "upgrade",
    "writing",
]
