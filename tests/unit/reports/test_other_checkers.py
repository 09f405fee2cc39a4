"""Checkers that others wrote say what the gate says; one that is not on the machine is skipped, with that reason.

``page-validation`` is installed with the test requirements; its tests are in ``test_conformance.py``. ``outloud`` and
veraPDF are commands, so that they need not share their libraries with us: the first is put in ``.venv-tools`` by ``make
test``, the second is looked for on the machine (it is in no package registry).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.issuers import Trust
from ethiek.reports.levels import Level
from ethiek.reports.render import render, render_bundle, render_concept
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import BundleSource, ConceptSource
from ethiek.reports.stamping import Stamping
from tests.authorities import PASSPHRASE, Authorities, serving
from tests.unit.reports.sources import a_source
from tests.unit.reports.violations import VIOLATIONS, seeded

TOOLS = Path(__file__).parents[3] / ".venv-tools/bin"
HEARD = ("no language", "not marked as tagged", "heading level skipped", "field without name", "empty box")
"""Violations that outloud knows of."""


def command(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=str(TOOLS))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="module")
def variants(
    unsigned: bytes, signed: bytes, signer: Pkcs12Signer, tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """A file of every kind that leaves the house, before and after sealing."""
    source = a_source()
    concept = ConceptSource(source.snapshot, source.questionnaire, "Provincie", "Commissie Ethiek")
    dossier = (source.snapshot, source.questionnaire)
    bundle = BundleSource("Vergadering", (dossier, dossier), "Provincie", "Commissie Ethiek")
    english = render(replace(source, language="en", time_stamps=True))
    at = datetime.now(UTC)
    made = {
        "advice": unsigned,
        "advice-sealed": signed,
        "english": english,
        "english-sealed": signer.seal(english, reason="Advies", at=at),
        "highest-sealed": stamped(english),
        "concept": render_concept(concept),
        "bundle": render_bundle(bundle),
    }
    folder = tmp_path_factory.mktemp("variants")
    for name, pdf in made.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    return [folder / f"{name}.pdf" for name in made]


def stamped(pdf: bytes) -> bytes:
    """With a time stamp behind the seal, which is the last thing that happens to a report."""
    with serving(Authorities()) as authorities:
        trust = Trust((authorities.root.pem,))
        authority = TimeStampAuthority(authorities.tsa_url, trust, proof=True)
        signer = Pkcs12Signer(authorities.bundle(authorities.a_seal()), PASSPHRASE)
        stamping = Stamping(Level.B_LTA, authority, trust)
        return signer.seal(pdf, reason="Advies", at=datetime.now(UTC), stamping=stamping)


def outloud_says(*paths: Path) -> list[tuple[str, list[str]]]:
    """The verdict on each file, and the rules that are broken."""
    said = subprocess.run(
        [command("outloud"), "--json", "-", "--layer", "conformance", *paths],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    results: list[dict[str, Any]] = json.loads(said)["results"]
    return [
        (result["verdict"], [row["rule"] for row in result["findings"] if row["severity"] == "error"])
        for result in results
    ]


def test_outloud_finds_nothing_in_any_variant_before_and_after_sealing(variants: list[Path]) -> None:
    assert dict(zip(variants, outloud_says(*variants), strict=True)) == dict.fromkeys(variants, ("pass", []))


@pytest.mark.parametrize("violation", HEARD)
def test_outloud_hears_what_the_gate_hears(unsigned: bytes, violation: str, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(seeded(unsigned, VIOLATIONS[violation][1]))
    ((verdict, rules),) = outloud_says(path)

    assert (verdict, bool(rules)) == ("fail", True)


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_verapdf_calls_every_variant_compliant(variants: list[Path], flavour: str) -> None:
    said = subprocess.run(
        [command("verapdf"), "--flavour", flavour, "--format", "text", *variants],
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert [line.split()[0] for line in said.splitlines()] == ["PASS"] * len(variants)
