"""Fills in a page of questions as a person would: every question that is shown, one after the other."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Locator, Page

CHOICES: Final = {"q-1.3.1": "no", "q-2.1.1": "self_learning"}
"""Where another choice than the first is wanted; 1.3.1 "yes" would stop the story."""

TICKS: Final = {"q-q9": "none"}


def fill_page(page: Page) -> int:
    """Answer every question in sight that has no answer yet; return how many were answered."""
    answered = 0
    shown = True
    while shown:  # an answer can make more questions appear
        blocks = page.locator("[data-question]:not([hidden]):not([data-filled])")
        shown = blocks.count() > 0
        if shown:
            fill_question(blocks.first)
            blocks.first.evaluate("element => element.dataset.filled = '1'")
            answered += 1
    return answered


def fill_question(block: Locator) -> None:
    """Answer one question."""
    key = block.get_attribute("data-question") or ""
    radios, ticks = block.locator("input[type=radio]"), block.locator("input[type=checkbox]")
    if radios.count():
        wanted = block.locator(f"input[type=radio][value='{CHOICES.get(key, '')}']")
        (wanted if wanted.count() else radios.first).check()
    if ticks.count():
        wanted = block.locator(f"input[type=checkbox][value='{TICKS.get(key, '')}']")
        (wanted if wanted.count() else ticks.first).check()
    _fill_rows(block) if block.locator("[data-row]").count() else _fill_text(block, key)


def _fill_text(block: Locator, key: str) -> None:
    for control in block.locator("textarea[name$='-text'], input[name$='-text']").all():
        control.fill(f"Dit is ons antwoord op {key}.")
    for control in block.locator("input[type=date]").all():
        control.fill("2027-03-01")


def _fill_rows(block: Locator) -> None:
    row = block.locator("[data-row]").first
    for control in row.locator("textarea, input[type=text]").all():
        control.fill("Een regel in de tabel")
    for control in row.locator("input[type=date]").all():
        control.fill("2027-03-01")
    for control in row.locator("select").all():
        control.select_option(index=1)
