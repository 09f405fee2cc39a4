"""What the documents promise: links lead somewhere, tests that are named exist, tables are those of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ethiek.domain.actors import Role
from ethiek.domain.workflow import TRANSITIONS, Action, Status, Transition

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "adr"

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`]*`")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
THREAT = re.compile(r"^\| ([A-J]\d{1,2}) \|", re.MULTILINE)

THREATS = {"A": 16, "B": 12, "C": 10, "D": 16, "E": 9, "F": 16, "G": 7, "H": 8, "I": 7, "J": 2}
"""How many lines each group has."""

STATUS = {
    Status.DRAFT: "concept",
    Status.SUBMITTED: "ingediend",
    Status.IN_REVIEW: "in behandeling",
    Status.CHANGES_REQUESTED: "aanvulling gevraagd",
    Status.ADVISED: "advies vastgesteld",
    Status.AWAITING_SIGNATURE: "wacht op ondertekening",
    Status.ARCHIVED: "ondertekend en gearchiveerd",
    Status.WITHDRAWN: "ingetrokken",
}
ACTION = {
    Action.SUBMIT: "indienen",
    Action.WITHDRAW: "intrekken",
    Action.TAKE_UP: "in behandeling nemen",
    Action.REQUEST_CHANGES: "om aanvulling vragen",
    Action.ADOPT_ADVICE: "advies vaststellen",
    Action.REVOKE_ADVICE: "advies intrekken",
    Action.SEND_TO_SIGN: "laten ondertekenen",
    Action.ARCHIVE: "archiveren",
}
ROLE = {
    Role.SUBMITTER: "projectleider",
    Role.SECRETARY: "secretaris",
    Role.CHAIR: "voorzitter",
    Role.SYSTEM: "de toepassing",
}
GUARD = {
    "not_stopped": "geen stopregel geldt",
    "answers_complete": "alle vragen hebben een antwoord",
    "answers_confirmed": "alle meegenomen antwoorden zijn bevestigd",
    "remarks_answered": "alle opmerkingen hebben een reactie",
    "attachments_clean": "in geen bijlage zit een virus",
    "remark_released": "er is een opmerking vrijgegeven",
    "quorum_reached": "genoeg leden gaven een oordeel",
    "approved_by_two": "voorzitter en secretaris keurden goed, en zijn twee mensen",
    "report_sealed": "er is een rapport met zegel",
}


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def anchors(document: Path) -> set[str]:
    """The anchors that headings get: lower case, dashes for spaces, without other signs."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {word.replace(" ", "-") for word in words}


def broken_links(document: Path) -> Iterator[str]:
    text = CODE.sub("", FENCE.sub("", document.read_text(encoding="utf-8")))
    for target in LINK.findall(text):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        file = document.parent / name if name else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            yield target


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    assert list(broken_links(document)) == []


def test_broken_link_is_found(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("# Een kop\n[goed](#een-kop) [weg](b.md) [geen kop](a.md#twee) `[code](c.md)`\n")
    assert list(broken_links(document)) == ["b.md", "a.md#twee"]


def test_decisions_are_numbered_without_gap_and_listed() -> None:
    names = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    listed = re.findall(r"^\| \[(\d{4})\]\((.+?)\)", (DECISIONS / "README.md").read_text(), re.MULTILINE)
    assert listed == [(name[:4], name) for name in names]


@cache
def names_in(file: Path) -> frozenset[str]:
    """Names of the test functions in a file, those in a class with its name before them."""
    if not file.is_file():
        return frozenset()
    names = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names.update(f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef))
    return frozenset(names)


def test_every_test_that_the_threats_name_exists() -> None:
    named = NAMED_TEST.findall((ROOT / "docs" / "threats.md").read_text(encoding="utf-8"))
    assert named
    assert [f"{file}::{name}" for file, name in named if name not in names_in(ROOT / file)] == []


def test_every_threat_has_one_line() -> None:
    lines = THREAT.findall((ROOT / "docs" / "threats.md").read_text(encoding="utf-8"))
    assert lines == [f"{group}{number}" for group, count in THREATS.items() for number in range(1, count + 1)]


def row_of(transition: Transition) -> str:
    sources = ", ".join(STATUS[status] for status in Status if status in transition.sources)
    guards = "; ".join(GUARD[guard.__name__] for guard in transition.guards) or "–"
    cells = (ACTION[transition.action], ROLE[transition.role], sources, STATUS[transition.target], guards)
    return f"| {' | '.join(cells)} |"


def test_manual_shows_the_transitions_of_the_code() -> None:
    manual = (ROOT / "docs" / "handleiding" / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"<!-- begin: transitions -->\n(.*?)<!-- end: transitions -->", manual, re.DOTALL)
    head = "| Stap | Wie | Van | Naar | Voorwaarde |\n|---|---|---|---|---|\n"
    assert shown == [head + "".join(f"{row_of(one)}\n" for one in TRANSITIONS)]
