"""The verifier on its own: built from the files of the application, and in need of nothing else of it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ethiek.reports.pki import ensure_test_pki
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from tests.unit.reports.sources import a_source

ROOT = Path(__file__).parents[2]
VERIFIER = ROOT / "verifier"
SERVER = {"ethiek", "flask", "sqlalchemy", "weasyprint", "jinja2", "wtforms", "click", "babel"}


def included() -> dict[str, str]:
    project = tomllib.loads((VERIFIER / "pyproject.toml").read_text())
    wheel: dict[str, str] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    return wheel


def imports_of(path: Path) -> tuple[set[str], set[str]]:
    """What a module imports: names beside it, and top-level packages."""
    beside, packages = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            beside.add(str(node.module))
        elif isinstance(node, ast.ImportFrom):
            packages.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.Import):
            packages |= {name.name.split(".")[0] for name in node.names}
    return beside, packages


def test_shared_modules_import_each_other_and_no_server() -> None:
    modules = {Path(target).stem: VERIFIER / source for source, target in included().items()}
    imports = {name: imports_of(path) for name, path in modules.items()}

    assert {name for name, (beside, _) in imports.items() if not beside <= set(modules)} == set()
    assert {name for name, (_, packages) in imports.items() if packages & SERVER} == set()


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and installed where nothing of the application is."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("stand-alone")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=VERIFIER, check=True, capture_output=True)
    (wheel,) = folder.glob("ethiek_verify-*.whl")
    venv.create(folder / "venv")
    python = folder / "venv/bin/python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (site,) = (folder / "venv/lib").glob("python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "venv/bin/ethiek-verify"


def run(command: Path, *arguments: str) -> tuple[int, str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(command.parent)}
    done = subprocess.run(
        [str(command), *arguments],
        cwd=command.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_stand_alone_command_judges_as_the_application_does(command: Path, tmp_path: Path) -> None:
    pki = ensure_test_pki(tmp_path / "pki")
    sealed = Pkcs12Signer.of_test_pki(pki).seal(render(a_source()), reason="Advies", at=datetime.now(UTC))
    whole, changed = tmp_path / "whole.pdf", tmp_path / "changed.pdf"
    whole.write_bytes(sealed)
    changed.write_bytes(sealed + b"\n")

    status, said = run(command, str(whole), "--trust", str(pki.root))
    assert (status, said.splitlines()[0]) == (0, f"{whole}: OK")
    status, said = run(command, str(whole), str(changed), "--trust", str(pki.root), "--language", "en")
    assert (status, [line for line in said.splitlines() if "FAIL" in line]) == (
        1,
        [
            (
                "  FAIL  The seal does not cover the whole file: there is something behind or outside the sealed "
                "part."
            )
        ],
    )


def test_stand_alone_command_loads_nothing_of_the_server(command: Path) -> None:
    program = (
        "import sys, ethiek_verify.verify_main, ethiek_verify.inspection;"
        "print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    loaded = subprocess.run(
        [str(command.with_name("python")), "-c", program],
        cwd=command.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(loaded.stdout.split()) & SERVER == set()
