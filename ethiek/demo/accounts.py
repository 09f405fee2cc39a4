"""The accounts of a demonstration: random passphrases, kept in a file that only the owner reads."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from flask import Flask

from ethiek.config import Settings

FILE: Final = "accounts.json"
WORDS: Final = (
    "akker",
    "anker",
    "appel",
    "baken",
    "beuk",
    "boei",
    "bries",
    "brug",
    "buizerd",
    "dijk",
    "duin",
    "egel",
    "eiland",
    "fiets",
    "fort",
    "gans",
    "gemaal",
    "gracht",
    "haven",
    "heide",
    "herfst",
    "hooi",
    "iep",
    "kade",
    "kanaal",
    "kievit",
    "klaver",
    "klei",
    "koren",
    "kreek",
    "kust",
    "lente",
    "linde",
    "lisdodde",
    "maan",
    "mast",
    "meer",
    "molen",
    "mos",
    "nevel",
    "oever",
    "otter",
    "paard",
    "pad",
    "peer",
    "plas",
    "polder",
    "reiger",
    "riet",
    "roer",
    "sluis",
    "sloot",
    "spaarbekken",
    "specht",
    "steiger",
    "storm",
    "strand",
    "terp",
    "tuin",
    "uil",
    "veen",
    "veer",
    "vlinder",
    "vuurtoren",
    "waaier",
    "wad",
    "wei",
    "wiek",
    "wilg",
    "wind",
    "winter",
    "zand",
    "zeil",
    "zomer",
    "zwaluw",
    "zwaan",
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody to log in as. ``about`` says what this person does."""

    name: str
    about: str
    email: str
    password: str


def passphrase() -> str:
    """Make a passphrase that can be typed over: five words, some 31 bits, which is enough on 127.0.0.1."""
    return "-".join(secrets.choice(WORDS) for _ in range(5))


def keep(accounts: Iterable[DemoAccount], folder: Path) -> None:
    """Write the accounts to a new file."""
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in accounts], file, ensure_ascii=False, indent=2)


def kept(folder: Path) -> tuple[DemoAccount, ...]:
    """Read the accounts back; none if this is no demonstration."""
    file = folder / FILE
    if not file.is_file():
        return ()
    return tuple(DemoAccount(**row) for row in json.loads(file.read_text(encoding="utf-8")))


def show_on_login_page(app: Flask) -> None:
    """Hand the accounts to the login page, in demo mode only."""
    settings: Settings = app.extensions["settings"]
    if settings.demo:
        app.extensions["demo_accounts"] = kept(settings.instance)
