"""The command ``ethiek-verify``: the same check as ``ethiek verify``, without the application."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .verify_cli import Request, run

DESCRIPTION: Final = "Say who sealed these reports, and whether anything in them changed."
EXITS: Final = "Exit code 0: everything holds for every file. 1: a check fails. 2: a file cannot be read."
NO_ONE: Final = "ask nobody: the network is not used (also the default without --instance)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser("ethiek-verify", description=DESCRIPTION, epilog=EXITS)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--trust",
        action="append",
        type=Path,
        metavar="FILE",
        help="certificate (PEM or DER) of a party that is trusted; a folder means all in it",
    )
    parser.add_argument(
        "--crl", action="append", type=Path, metavar="FILE", help="revocation list (PEM or DER)"
    )
    online = parser.add_mutually_exclusive_group()
    online.add_argument("--instance", metavar="URL", default="", help="ask there whether it still counts")
    online.add_argument("--offline", action="store_true", help=NO_ONE)
    parser.add_argument("--json", action="store_true", help="output for machines")
    parser.add_argument("--language", choices=("nl", "en"), default="nl")
    chosen = parser.parse_args(arguments)
    return run(
        Request(
            files=chosen.files,
            trust=chosen.trust or configured_trust(),
            crls=chosen.crl or (),
            instance=chosen.instance,
            as_json=chosen.json,
            language=chosen.language,
        )
    )


def configured_trust() -> tuple[Path, ...]:
    """What is trusted when the command does not say it."""
    configured = os.environ.get("ETHIEK_TRUST_ROOTS")
    return (Path(configured),) if configured else ()
