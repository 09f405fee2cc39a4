"""Selecting text on the page of a public copy brings the form to it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SCRIPT: Final = Path(__file__).parents[2] / "ethiek" / "static" / "js" / "redact.js"
PAGE: Final = """
<div id="one" data-entry="/team/0" data-document="snapshot">
  <p data-pointer="/team/0/name" data-label="Naam">Jan <b>Jansen</b></p>
  <p data-pointer="/team/0/role" data-label="Rol">Jurist</p></div>
<div id="two" data-entry="/reviews/0" data-document="advice">
  <p data-pointer="/reviews/0/by" data-label="Naam">Mila</p></div>
<p id="outside">Buiten</p>
<form action="/lakken?plek=" data-t-all="Alles"><input name="document"><select name="part"></select>
<textarea name="passage"></textarea></form>
"""
SELECT: Final = """([from, to]) => {
  const range = document.createRange();
  range.setStart(document.querySelector(from).firstChild, 0);
  const end = document.querySelector(to);
  range.setEnd(end, end.childNodes.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  document.dispatchEvent(new MouseEvent('mouseup', {bubbles: true}));
  const form = document.querySelector('form'), fields = form.elements;
  return [form.parentElement.id, fields.document.value, fields.part.value, fields.passage.value,
    [...fields.part.options].map((one) => `${one.label} ${one.value}`), form.getAttribute('action').slice(-9)];
}"""


def test_selection_brings_the_form_and_fills_in_place_and_passage(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(PAGE)
    script = SCRIPT.read_text(encoding="utf-8").replace("export ", "")
    page.add_script_tag(content=f"{script}\nfollowSelection(document.querySelector('form'));")
    name, role = "[data-pointer='/team/0/name']", "[data-pointer='/team/0/role']"
    options = ["Alles /team/0", "Naam /team/0/name", "Rol /team/0/role"]

    outside = page.evaluate(SELECT, ["#outside", "#outside"])
    assert outside[:4] == ["", "", "", ""]
    one_text = page.evaluate(SELECT, [name, name])
    assert one_text[:5] == ["one", "snapshot", "/team/0/name", "Jan Jansen", options]
    assert one_text[5] == "?plek=one"
    two_texts = page.evaluate(SELECT, [name, role])
    assert (two_texts[2], two_texts[3].split()) == ("/team/0", ["Jan", "Jansen", "Jurist"])
    other = page.evaluate(SELECT, ["#two p", "#two p"])
    assert other[:4] == ["two", "advice", "/reviews/0/by", "Mila"]
    assert other[5] == "?plek=two"
    page.close()
