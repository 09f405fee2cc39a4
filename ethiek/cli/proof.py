"""Commands about the proof that reports carry: the seal of the organisation, and time stamps of the archive."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

import click

from ethiek.cli.checks import archive_group
from ethiek.cli.context import as_json, database, settings, show_json, stamp
from ethiek.cli.sentences import CheckFailed
from ethiek.renewals import DAYS_PER_MONTH, Outcome, Renewing
from ethiek.seals import ANNOUNCED_DAYS, SealStatus, announced, status_of

MONTHS: Final = 12
WHY: Final = {
    "ends": "its certificate ends on {ends:%Y-%m-%d}",
    "algorithm": "its algorithm no longer counts",
}


@archive_group.command("renew")
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
@click.option(
    "--months",
    type=click.IntRange(1, 120),
    default=MONTHS,
    show_default=True,
    help="Renew what ends within this time.",
)
@as_json
def renew(*, dry_run: bool, months: int, machine: bool) -> None:
    """Put a new time stamp on reports before the certificate of their last one ends.

    The issued file stays in the archive; downloads give the renewed one. Exit code 1 when a report fails.
    """
    with database():
        renewing = Renewing(settings(), stamp(), months=months)
        done = [one for _, one, _ in renewing.due()] if dry_run else list(renewing.renew())
    failed = [one for one in done if one.failed]
    if machine:
        show_json({"ok": not failed, "dry_run": dry_run, "reports": [asdict(one) for one in done]})
    else:
        for one in done:
            click.echo(_line(one, dry_run=dry_run))
        click.echo(f"{len(done)} due, {len(failed)} without a new time stamp." if done else "Nothing is due.")
    if failed:
        raise CheckFailed("; ".join(f"{one.reference}: {one.failed}" for one in failed) + ".")


@archive_group.command("due")
@as_json
def due(*, machine: bool) -> None:
    """Say which reports need a new time stamp within 90, 30 or 7 days. Changes nothing."""
    now = datetime.now(UTC)
    with database():
        renewing = Renewing(settings(), stamp(), months=ANNOUNCED_DAYS[0] // DAYS_PER_MONTH)
        found = [(one, announced((one.ends - now).days)) for _, one, _ in renewing.due()]
    if machine:
        show_json({"reports": [{**asdict(one), "within_days": days} for one, days in found]})
        return
    for one, days in sorted(found, key=lambda row: row[0].ends):
        click.echo(f"{one.reference}: within {days} days, {WHY[one.why].format(ends=one.ends)}.")
    click.echo("Run: ethiek archive renew" if found else "Nothing is due within 90 days.")


def _line(one: Outcome, *, dry_run: bool) -> str:
    state = "due" if dry_run else "failed" if one.failed else "renewed"
    return f"{one.reference}: {state}, {WHY[one.why].format(ends=one.ends)}."


@click.group("seal")
def seal_group() -> None:
    """The seal of the organisation."""


@seal_group.command("status")
@as_json
def show_status(*, machine: bool) -> None:
    """Say whose seal this is, until when it is valid, and whether it may be used. Exit code 1 when it may not."""
    found = status_of(settings(), datetime.now(UTC))
    if machine:
        show_json({"ok": found.usable, **asdict(found)})
    else:
        click.echo(_words(found))
    if not found.usable:
        raise CheckFailed(f"the seal cannot be used: {found.reason}.")


def _words(found: SealStatus) -> str:
    end = f"valid until {found.valid_until:%Y-%m-%d} ({found.days_left} days)"
    return f"{found.name}: {end}, level {found.level}."


COMMANDS: Final = (seal_group,)
