"""The build hook: what it keeps, when it works, and what the lock promises."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
VENDOR = ROOT / "ethiek" / "static" / "vendor"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_used_tokens_follows_references_and_drops_the_rest(hook: ModuleType) -> None:
    theme = ":root { --a: var(--b, 2px); --b: 1px; --c: var(--a); --d: red; }"
    kept = hook.used_tokens(theme, ["p { margin: var( --a) }", "q { color: var(--elsewhere) }"])
    assert kept == ":root{\n--a:var(--b, 2px);\n--b:1px;\n}\n"


def test_used_tokens_of_a_circle_ends(hook: ModuleType) -> None:
    assert (
        hook.used_tokens(":root { --a: var(--b); --b: var(--a); }", ["var(--a)"])
        == ":root{\n--a:var(--b);\n--b:var(--a);\n}\n"
    )


def test_read_css_drops_byte_order_mark_and_source_map(hook: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("\ufeffp{}\n/*# sourceMappingURL=a.css.map */\n", encoding="utf-8")
    assert hook.read_css(file) == "p{}"


def test_fingerprint_changes_with_the_content(hook: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    before = hook.fingerprint(tmp_path, ["a"])
    assert hook.fingerprint(tmp_path, ["a"]) == before
    (tmp_path / "a").write_text("2")
    assert hook.fingerprint(tmp_path, ["a"]) != before


def test_translations_are_compiled_beside_their_source(hook: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "ethiek" / "translations" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Save"\nmsgstr "Opslaan"\n'
    )
    hook.compile_translations(tmp_path)
    assert b"Opslaan" in (folder / "messages.mo").read_bytes()


def test_vendor_folder_is_up_to_date_and_complete(hook: ModuleType) -> None:
    spec = tomllib.loads((ROOT / "vendor.toml").read_text())
    assert hook.has_stamp(VENDOR, hook.recipe(ROOT)), "run: python hatch_build.py"
    assert {name for name in (*spec["bundles"], *spec["copy"]) if not (VENDOR / name).is_file()} == set()


def test_every_shipped_package_comes_with_version_and_licence_text(hook: ModuleType) -> None:
    packages = hook.shipped_packages(tomllib.loads((ROOT / "vendor.toml").read_text()))
    pinned = json.loads((ROOT / "package.json").read_text())["dependencies"]
    versions = json.loads((VENDOR / "versions.json").read_text())
    texts = {file.name.rsplit("__", 1)[0].replace("__", "/") for file in (VENDOR / "licences").iterdir()}
    assert {name: facts["version"] for name, facts in versions.items()} == pinned
    assert sorted(pinned) == packages == sorted(texts)
    assert {facts["licence"] for facts in versions.values()} == {"EUPL-1.2", "OFL-1.1", "MIT AND OFL-1.1"}


def test_lock_pins_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
    assert [name for name, facts in packages.items() if not facts["integrity"].startswith("sha512-")] == []


def test_packages_are_pinned_exactly() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_bundle_is_one_layer_so_that_our_own_css_wins() -> None:
    css = (VENDOR / "nlds.css").read_text()
    assert css.startswith("@layer nlds {")
    assert css.count("{") == css.count("}")
    assert (
        re.findall(
            r"@import|https?://(?!www\.w3\.org/2000/svg)[^\s\"')]*",
            re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL),
        )
        == []
    )
