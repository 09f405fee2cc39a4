"""What people do most, measured one request at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from uuid import UUID, uuid4

from benchmarks.browser import Browser, Page
from benchmarks.figures import LISTS, OTHER, SAVE, SECTION, Figure
from benchmarks.organisation import PASSWORD, email_of
from benchmarks.weight import Weight, weigh
from ethiek.domain.answers import Slot

FIRST_SECTION: Final = "1.1"
SAVED: Final = Slot("1.1.1")
REMARKED: Final = Slot("1.1.1")

_ROW: Final = re.compile(r'<tr>\s*<th scope="row"')


@dataclass(frozen=True, slots=True)
class Marks:
    """Query strings of pages deep down the lists."""

    team: str
    committee: str


class Browsers:
    """A browser per person, who signs in the first time and stays signed in."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._open: dict[str, Browser] = {}

    def of(self, person: str) -> Browser:
        """Return the browser of a person."""
        if person not in self._open:
            self._open[person] = Browser(self.port)
            self._open[person].sign_in(email_of(person), PASSWORD)
        return self._open[person]


@dataclass(frozen=True, slots=True)
class Visit:
    """Everything that is measured with a certain number of dossiers in the database.

    ``filling_in`` and ``in_review``: a dossier that Noor fills in, and one that Mila reviews; both with every
    question answered. ``largest_section``: with the most questions on one page.
    """

    browsers: Browsers
    dossiers: int
    repeat: int
    marks: Marks
    filling_in: UUID
    in_review: UUID
    largest_section: str

    def figures(self) -> Iterator[Figure]:
        """Measure, in the order of the report."""
        for what, person, path in self._lists():
            yield self._open(what, LISTS, person, path)
        yield self._open("Dossier, its own page", OTHER, "noor", f"/dossiers/{self.filling_in}")
        yield self._open("Section of IAMA, the first", SECTION, "noor", self._section(FIRST_SECTION))
        yield self._open("Section of IAMA, the largest", SECTION, "noor", self._section(self.largest_section))
        yield self._save()
        yield self._open("Round, read from top to bottom", OTHER, "mila", self._round())
        yield self._remark()

    def weigh(self) -> Weight:
        """Weigh the largest section as somebody sees it who never came before."""
        page = self.browsers.of("noor").get(self._section(self.largest_section))
        return weigh(self.browsers.port, page.text, page.cost.body)

    def _lists(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("Team list, in every team", "noor", "/dossiers"),
            ("Team list, deep down", "noor", f"/dossiers?{self.marks.team}"),
            ("Committee list, secretary", "sem", "/commissie"),
            ("Committee list, deep down", "sem", f"/commissie?{self.marks.committee}"),
            ("Committee list, one status", "chris", "/commissie?status=in_review"),
            ("Committee list, two committees", "wim", "/commissie"),
            ("Committee list, member of 1 in 20", "lot", "/commissie"),
            ("Committee list, member of all", "mila", "/commissie"),
            ("Committee list, member of all, one status", "mila", "/commissie?status=in_review"),
        )

    def _section(self, section: str) -> str:
        return f"/dossiers/{self.filling_in}/vragen/{section}"

    def _round(self) -> str:
        return f"/dossiers/{self.in_review}/rondes/1"

    def _open(self, what: str, kind: str, person: str, path: str) -> Figure:
        browser = self.browsers.of(person)
        page = browser.get(path)
        if kind == LISTS and not _ROW.search(page.text):
            raise RuntimeError(f"{what}: the list is empty")
        return self._repeated(what, kind, lambda: browser.get(path), page)

    def _save(self) -> Figure:
        """Save one answer as the script of the page does, each time with another text."""
        browser, path = self.browsers.of("noor"), self._section(FIRST_SECTION)
        fields = hidden_fields(browser.get(path), f"q-{SAVED}-")

        def save() -> Page:
            name = f"q-{SAVED}"
            text = {f"{name}-text": f"Tellen zonder te herkennen, {uuid4()}.", f"{name}-considerations": ""}
            page = browser.post(path, {**fields, **text}, expect=200, json=True)
            answer = json.loads(page.text)
            fields[f"{name}-revision"] = str(answer["saved"][name]["revision"])
            fields[f"{name}-token"] = answer["token"][name]
            return page

        return self._repeated("Save one answer", SAVE, save)

    def _remark(self) -> Figure:
        """Write an internal remark at a question; the redirect that follows is not counted."""
        browser, path = self.browsers.of("mila"), f"{self._round()}/opmerkingen"

        def remark() -> Page:
            body = {
                "token": uuid4().hex,
                "at": str(REMARKED),
                f"body-{REMARKED}": "Wie is hier bereikt, en hoe?",
            }
            return browser.post(path, body, expect=303)

        return self._repeated("Add a remark", OTHER, remark)

    def _repeated(self, what: str, kind: str, act: Callable[[], Page], first: Page | None = None) -> Figure:
        answers = [(first or act()).cost, *(act().cost for _ in range(self.repeat))]
        return Figure.of(what, kind, self.dossiers, answers)


def hidden_fields(page: Page, prefix: str) -> dict[str, str]:
    """Return the hidden fields of a page whose names begin so."""
    found = {}
    for tag in re.findall(r"<input[^>]+type=\"hidden\"[^>]*>", page.text):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("name", "").startswith(prefix):
            found[attributes["name"]] = unescape(attributes["value"])
    return found
