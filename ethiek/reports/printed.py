"""What stands on the pages of a report: the hashes, and whether the advice is printed as the data have it."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import pypdf

from .reasons import VERDICTS

HASHES: Final = {
    "snapshot": r"(?:Controlegetal dossier|Checksum of the dossier) \(SHA-256\):\s*([0-9a-f]{64})\b",
    "advice": r"(?:Controlegetal advies|Checksum of the advice) \(SHA-256\):\s*([0-9a-f]{64})\b",
    "decision": r"(?:Controlegetal besluit|Checksum of the decision) \(SHA-256\):\s*([0-9a-f]{64})\b",
}
"""The labels as in the words of a report, in each language; written out, so that a reader needs no words."""
TEST_WORDS: Final = re.compile(
    r"(?:verzegeld\s+met\s+een\s+TESTCERTIFICAAT|sealed\s+with\s+a\s+TEST\s+CERTIFICATE)\."
)
PAGES_READ: Final = 40
"""The advice comes first; to read hundreds of pages takes longer than a check may."""
MARKS: Final = re.compile(r"[*_|\\\[\]()<>\n`#-]+")
"""What light Markdown does not print, or prints in another way."""
NUMBER: Final = re.compile(r"\A\s*[0-9]{1,9}[.)] ")
"""Of an item in a list; printed, but not where it stands in the text."""
PLAIN: Final = re.compile(r"[A-Za-z0-9À-ɏ\s.,:;!?'’‘\"“”/%€&+=]+")
"""Without letters that our fonts may lack, or that are written from right to left."""


def first_page(pdf: bytes) -> dict[str, Any]:
    """The hashes on page 1, and whether it says that the seal is a test seal."""
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    snapshot, advice = (_last(HASHES[name], text) for name in ("snapshot", "advice"))
    behind = text[advice.end() :] if advice else ""  # a title that looks like a decision stands before ours
    found = {"snapshot": snapshot, "advice": advice, "decision": _last(HASHES["decision"], behind)}
    printed = {name: match[1] if match else "" for name, match in found.items()}
    return {"printed": printed, "says_test": bool(TEST_WORDS.search(text))}


def _last(pattern: str, text: str) -> re.Match[str] | None:
    """The last match: no typed text follows ours."""
    return next(reversed(list(re.finditer(pattern, text))), None)


def is_printed(pdf: bytes, advice: Mapping[str, Any]) -> bool:
    """The pages hold the texts of the advice, in order; so they do when that cannot be told in time.

    Says nothing of what was painted over them, or of other texts.

    Args:
        advice: the parsed ``advice.json``.
    """
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    first, *rest = (page.extract_text() for page in reader.pages[:PAGES_READ])
    rows = [line.strip() for line in first.splitlines()]
    lines = {*rows, *map(" ".join, pairwise(rows))}  # beside a decision, a long verdict takes two
    if lines.isdisjoint(VERDICTS.get(str(advice.get("verdict")), {}).values()):
        return False
    return (
        _follow(_pieces(advice), [_letters(text) for text in (first, *rest)])
        or len(reader.pages) > PAGES_READ
    )


def _pieces(advice: Mapping[str, Any]) -> Iterator[str]:
    """The parts of its texts that are surely printed as they are."""
    texts = (advice["dossier"]["title"], advice["motivation"], *(row["text"] for row in advice["conditions"]))
    for text in texts:
        for piece in MARKS.split(str(text)):
            if PLAIN.fullmatch(piece) and "://" not in piece:
                yield _letters(NUMBER.sub("", piece))


def _letters(text: str) -> str:
    """Only letters and digits: where lines end and words are broken makes no difference."""
    return "".join(
        character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum()
    )


def _follow(pieces: Iterable[str], pages: Sequence[str]) -> bool:
    """Each piece stands behind the one before it."""
    number = start = 0
    for piece in pieces:
        place = next(
            (
                (at, end)
                for at in range(number, len(pages))
                if (end := _end_of(piece, pages, at, start if at == number else 0)) >= 0
            ),
            None,
        )
        if place is None:
            return False
        number, start = place
    return True


def _end_of(piece: str, pages: Sequence[str], number: int, start: int) -> int:
    """Where a piece ends on this page; also if it began on the page before, above the footer. -1: it does not."""
    found = pages[number].find(piece, start)
    if found >= 0:
        return found + len(piece)
    before = pages[number - 1] if number and not start else ""
    ends = (
        pages[number].find(piece[cut:]) + len(piece) - cut
        for cut in range(1, len(piece))
        if piece[:cut] in before and piece[cut:] in pages[number]
    )
    return next(ends, -1)
