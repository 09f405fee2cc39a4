"""The application without its pages: settings and database, for commands, the worker and the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from ethiek import db
from ethiek.config import Settings
from ethiek.errors import ConfigurationError
from ethiek.questionnaires.catalogue import shipped_sums
from ethiek.services import questionnaires


@contextmanager
def headless(settings: Settings) -> Iterator[Flask]:
    """Open the database for as long as the block lasts, in the context of an application.

    Raises:
        ConfigurationError: the database has no tables yet, or a published question set is not what it was.
        ServiceUnavailableError: it does not answer.
    """
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("ethiek", instance_path=str(settings.instance.resolve()))
    app.extensions["settings"] = settings
    db.init_app(app, settings.database_url, threads=settings.threads)
    with app.app_context():
        try:
            if db.current_revision(settings.database_url) is None:
                raise ConfigurationError("The database", "has no tables yet: run 'ethiek db upgrade' first")
            with db.reading() as session:
                questionnaires.check_content(session, shipped_sums())
            yield app
        finally:
            db.db.session.remove()
            db.db.engine.dispose()
