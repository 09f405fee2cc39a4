"""What commands share: settings, the database without the web pages, the clock, and JSON."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Final

import click
from flask import Flask

from ethiek.app import instance_folder
from ethiek.config import Settings
from ethiek.domain.actors import SYSTEM_ACTOR, Stamp
from ethiek.headless import headless


def settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: one is missing or unsafe.
    """
    return Settings.from_env(instance_folder())


def database(chosen: Settings | None = None) -> AbstractContextManager[Flask]:
    """Open the database of this installation, without anything of the web."""
    return headless(chosen or settings())


def stamp() -> Stamp:
    """Return the stamp of a change made from the command line."""
    return Stamp(SYSTEM_ACTOR, datetime.now(UTC), origin="cli")


def show_json(value: Any) -> None:
    """Print for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


as_json: Final = click.option("--json", "machine", is_flag=True, help="Print JSON.")
"""The option ``--json``."""
