"""What commands share: settings, the database without the web pages, the clock, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask

from ethiek import db
from ethiek.app import instance_folder
from ethiek.config import Settings
from ethiek.domain.actors import SYSTEM_ACTOR, Stamp
from ethiek.errors import ConfigurationError


def settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: one is missing or unsafe.
    """
    return Settings.from_env(instance_folder())


@contextmanager
def database(chosen: Settings | None = None) -> Iterator[Flask]:
    """Open the database, without anything of the web.

    Raises:
        ConfigurationError: it has no tables yet.
    """
    chosen = chosen or settings()
    app = database_app(chosen)
    if db.current_revision(chosen.database_url) is None:
        raise ConfigurationError("The database", "has no tables yet: run 'ethiek db upgrade' first")
    with app.app_context():
        try:
            yield app
        finally:
            db.db.session.remove()
            db.db.engine.dispose()


def database_app(chosen: Settings) -> Flask:
    """Make an application with nothing but settings and the database: for commands and the worker."""
    chosen.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("ethiek", instance_path=str(chosen.instance.resolve()))
    app.extensions["settings"] = chosen
    db.init_app(app, chosen.database_url, threads=chosen.threads)
    return app


def stamp() -> Stamp:
    """Return the stamp of a change made from the command line."""
    return Stamp(SYSTEM_ACTOR, datetime.now(UTC), origin="cli")


def show_json(value: Any) -> None:
    """Print for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def as_json() -> Any:
    """The option ``--json``."""
    return click.option("--json", "machine", is_flag=True, help="Print JSON.")
