"""The demonstration: an invented province, its dossiers in every state, and the story to a signed report.

Nothing is put in the tables behind the back of the services: what is shown here is what the application does.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from flask import Flask

from ethiek import db
from ethiek.app import instance_folder
from ethiek.config import Settings
from ethiek.demo import accounts, organisation, results
from ethiek.demo.play import Player
from ethiek.demo.story import tales
from ethiek.errors import ConfigurationError
from ethiek.headless import headless
from ethiek.reports.pki import TestPki

KEPT: Final = frozenset({"pki"})
"""What a new demonstration keeps of the one before: the test seal, so that earlier reports still verify."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was made. ``environment``: the settings with which to serve it."""

    environment: dict[str, str]
    results: results.Results


def folder() -> Path:
    """Return where the demonstration lives: in a folder of its own, beside whatever else the instance holds."""
    return instance_folder().resolve() / "demo"


def run(instance: Path, out: Path | None, say: Say) -> Demonstration:
    """Make the demonstration anew, play the story, and hand over what came out of it.

    Args:
        out: where the results go; None is the folder ``out`` in the instance.

    Raises:
        ConfigurationError: the report that came out does not verify.
    """
    say("Provincie Voorbeeldland wordt ingericht …")
    environment = _environment(instance)
    _begin_anew(instance)
    settings = Settings.from_env(instance, environment)
    db.upgrade(settings.database_url)
    today = datetime.now(UTC)
    with headless(settings) as app:
        play = _set_up(app, settings, today)
        say("Tien dossiers gaan hun weg: van eerste antwoord tot ondertekend advies …")
        play.play(tales(play))
        found = results.write(play, settings, out or instance / "out")
    _tell(found, settings, say)
    return Demonstration(environment, found)


def enter(demonstration: Demonstration) -> None:
    """Make this process, and those it starts, part of the demonstration."""
    for name in [name for name in os.environ if name.startswith("ETHIEK_")]:
        del os.environ[name]
    os.environ.update(demonstration.environment)


def _environment(instance: Path) -> dict[str, str]:
    """The settings of the demonstration; those of a real installation must not leak into it."""
    return {"ETHIEK_INSTANCE": str(instance), "ETHIEK_DEMO": "1", "ETHIEK_ORGANISATION": organisation.NAME}


def _begin_anew(instance: Path) -> None:
    instance.mkdir(parents=True, exist_ok=True)
    for path in instance.iterdir():
        if path.name in KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _set_up(app: Flask, settings: Settings, today: datetime) -> Player:
    with db.transaction() as session:
        made = organisation.set_up(session, today - timedelta(days=90))
    accounts.keep(made.accounts, settings.instance)
    return Player(app, made, today)


def _tell(found: results.Results, settings: Settings, say: Say) -> None:
    """Say where everything is, and what the verifier found."""
    root = TestPki(settings.instance / "pki").root
    say(f"\nRapport:   {found.report}\nArchief:   {found.archive}\nControle:  {found.verification_file}\n")
    for finding in found.verification.findings:
        say(f"  {_mark(ok=finding.ok)}  {finding.sentence}")
    manifest = "Alle bestanden in het archief hebben het controlegetal uit het manifest."
    say(f"  {_mark(ok=found.manifest_holds)}  {manifest}")
    command = shutil.which("ethiek") or Path(sys.executable).with_name("ethiek")
    say(f"\nZelf controleren: {command} verify {found.report} --trust {root}")
    if not (found.verification.ok and found.manifest_holds):
        raise ConfigurationError("The demonstration", "made a report that does not verify")
    say("\nInloggen kan als:")
    for account in accounts.kept(settings.instance):
        say(f"  {account.email:34} {account.password:50} {account.about}")


def _mark(*, ok: bool) -> str:
    return "ok  " if ok else "FOUT"
