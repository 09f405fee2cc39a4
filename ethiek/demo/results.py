"""What the demonstration hands over: the signed report, a ZIP of the archive, and what the verifier found."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from ethiek import db
from ethiek.config import Settings
from ethiek.demo.cases import read_case
from ethiek.demo.play import Player
from ethiek.demo.story import MAIN
from ethiek.incoming import files_of
from ethiek.reports import bundle
from ethiek.reports.archive import Archive
from ethiek.reports.pki import TestPki
from ethiek.reports.source import digest
from ethiek.reports.verification import Verification
from ethiek.reports.verify import verify
from ethiek.services import archive, attachment_files
from ethiek.services.archive import Filter

LARGEST_BUNDLE: Final = 500


@dataclass(frozen=True, slots=True)
class Results:
    """Where the files are, and what checking the report said."""

    report: Path
    archive: Path
    verification_file: Path
    verification: Verification
    manifest_holds: bool


def write(play: Player, settings: Settings, out: Path) -> Results:
    """Take the report and the ZIP out of the archive as the auditor would, and check both."""
    out.mkdir(parents=True, exist_ok=True)
    files = Archive(settings.archive_folder)
    auditor = play.as_("aisha")
    with db.transaction() as session:
        records, _ = archive.search(session, Filter(text=read_case(MAIN).title), auditor)
        report = files.read(archive.read(session, records[0].id, auditor).newest_sha256)
    with db.transaction() as session:
        chosen = archive.read_filtered(session, Filter(), auditor, LARGEST_BUNDLE)
        entries = list(attachment_files.with_attachments(session, chosen, files, files_of(settings)))
    packed = b"".join(bundle.zip_stream(entries))
    verification = verify(
        report, [TestPki(settings.instance / "pki").root.read_bytes()], known_sha256=records[0].sha256
    )
    results = Results(
        out / "report.pdf",
        out / "archive.zip",
        out / "verify.json",
        verification,
        manifest_holds(packed),
    )
    results.report.write_bytes(report)
    results.archive.write_bytes(packed)
    results.verification_file.write_text(
        json.dumps(verification.to_json(), ensure_ascii=False, indent=2) + "\n",
        encoding="utf-8",
    )
    return results


def manifest_holds(packed: bytes) -> bool:
    """Tell whether a bundle holds exactly the files of its manifest, with the same bytes."""
    with zipfile.ZipFile(BytesIO(packed)) as zipped:
        lines = zipped.read("manifest.sha256").decode().splitlines()
        promised = {name: sha256 for sha256, name in (line.split("  ", 1) for line in lines)}
        failed = json.loads(zipped.read("manifest.json"))["failed"]
        names = set(zipped.namelist()) - {"manifest.sha256", "manifest.json"}
        same = all(digest(zipped.read(name)) == promised.get(name) for name in names)
    return same and names == promised.keys() and not failed
