"""The ``ethiek`` command: what an administrator does without the browser.

Exit codes: 0 done and in order, 1 a check failed, 2 wrongly used or not configured, 70 a mistake of ours.
Errors are one sentence on standard error.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ethiek.cli import accounts, approving, checks, proof, questionnaires, running
from ethiek.cli.sentences import Refused, bug, sentence
from ethiek.errors import EthiekError


class Commands(click.Group):
    """A group whose errors are sentences."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what is raised on purpose becomes its sentence."""
        try:
            return super().invoke(ctx)
        except EthiekError as error:
            raise Refused(sentence(error)) from error
        except OSError as error:
            raise Refused(f"{error.filename or 'file'}: {error.strerror or error}.") from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ethiek", message="%(version)s")
def cli() -> None:
    """Ethical assessments, from question set to signed advice.

    Settings come from ETHIEK_* variables and the instance folder (ETHIEK_INSTANCE, or ./instance).
    """


for command in (
    *running.COMMANDS,
    *accounts.COMMANDS,
    *questionnaires.COMMANDS,
    *checks.COMMANDS,
    *proof.COMMANDS,
    *approving.COMMANDS,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; even a mistake of ours ends in a sentence, which says where it happened."""
    try:
        cli(prog_name=Path(sys.argv[0]).name if sys.argv[0].endswith("ethiek") else "ethiek")
    except Exception as error:  # noqa: BLE001  # the last place that can tell it in words
        click.echo(bug(error), err=True)
        sys.exit(70)
