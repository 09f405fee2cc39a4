"""Commands that check: reports, the audit trail, the archive. Exit code 1 when something does not hold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from ethiek import db
from ethiek.cli.context import as_json, database, settings, show_json
from ethiek.cli.sentences import CheckFailed
from ethiek.incoming import files_of
from ethiek.reports import verify_cli
from ethiek.reports.archive import Archive
from ethiek.reports.verify_cli import Request
from ethiek.reports.verify_main import configured_trust
from ethiek.services import archive_files, attachment_files, audit

READABLE_FILE: Final = click.Path(path_type=Path)


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=READABLE_FILE)
@click.option(
    "--trust",
    multiple=True,
    type=READABLE_FILE,
    help="Certificate (PEM or DER) of a party that is trusted to issue seals and time stamps; a folder means "
    "all in it. Without it: ETHIEK_TRUST_ROOTS.",
)
@click.option("--crl", "crls", multiple=True, type=READABLE_FILE, help="Revocation list (PEM or DER).")
@click.option("--instance", default="", metavar="URL", help="Ask there whether the report still counts.")
@click.option("--offline", is_flag=True, help="Ask nobody (also the default without --instance).")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@as_json
def verify(
    files: tuple[Path, ...],
    trust: tuple[Path, ...],
    crls: tuple[Path, ...],
    instance: str,
    language: str,
    *,
    offline: bool,
    machine: bool,
) -> None:
    """Say who signed these reports, and whether anything in them changed. Needs no network and no database.

    Exit code 0 only when every check of every file holds, 1 when a check fails, 2 when a file cannot be read.
    """
    if offline and instance:
        raise click.UsageError("--offline and --instance cannot go together.")
    trusted = trust or configured_trust()
    sys.exit(verify_cli.run(Request(files, trusted, crls, instance, machine, language)))


@click.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command("verify")
@as_json
def verify_audit(*, machine: bool) -> None:
    """Recompute the hash chain over all events; exit with 1 and name the first row that does not fit."""
    with database(), db.reading() as session:
        report = audit.verify_chain(session)
    if machine:
        broken = report.broken and {"seq": report.broken.seq, "reason": report.broken.reason}
        show_json({"ok": report.ok, "events": report.events, "head": report.head, "broken": broken})
    elif report.ok:
        click.echo(f"The audit trail is whole: {report.events} events, the last has hash {report.head}.")
    if report.broken:
        raise CheckFailed(f"event {report.broken.seq}: {report.broken.reason}.")


@click.group("archive")
def archive_group() -> None:
    """The archive of signed reports."""


@archive_group.command("verify")
@as_json
def verify_archive(*, machine: bool) -> None:
    """Recompute the SHA-256 of every archived report and attachment; exit with 1 when one is missing or changed."""
    chosen = settings()
    with database(), db.reading() as session:
        report = archive_files.verify_files(session, Archive(chosen.archive_folder))
        attached = attachment_files.corrupt_files(session, files_of(chosen))
    if machine:
        show_json(
            {
                "ok": report.ok and not attached,
                "records": report.records,
                "unrecorded": list(report.unrecorded),
                "corrupt": [
                    {"reference": one.reference, "name": one.name, "reason": one.reason}
                    for one in report.corrupt
                ],
                "corrupt_attachments": [
                    {"attachment": str(one.attachment_id), "sha256": one.sha256, "reason": one.reason}
                    for one in attached
                ],
            }
        )
    elif report.ok and not attached:
        click.echo(f"The archive is whole: {report.records} reports.")
    for name in report.unrecorded:
        click.echo(
            f"Note: {name} is in the folder but not in the archive (a run that was interrupted).", err=True
        )
    failed = [f"{one.reference} ({one.name}): {one.reason}" for one in report.corrupt]
    failed += [f"attachment {one.attachment_id} ({one.sha256}): {one.reason}" for one in attached]
    if failed:
        raise CheckFailed("; ".join(failed) + ".")


COMMANDS: Final = (verify, audit_group, archive_group)
