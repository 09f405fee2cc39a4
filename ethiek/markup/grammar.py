r"""The part of Markdown that counts: lists, tables, bold, italics and links, and nothing that hides what was typed.

Different from Markdown as it is known, because most texts are typed by people who have never heard of it:

- a line end is a line end, and a line against the margin ends a list;
- ``+`` starts no list item (lists of plus and minus points), and neither does a dash without text behind it;
- a sign inside a word means nothing (``2*3*4``, ``collega*s``);
- a backslash only takes away the meaning of a sign that has one (``\*``), so that paths keep theirs;
- a table row starts or holds a ``|`` and has no more cells than the header, because those would get lost.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

MAX_DEPTH: Final = 3
"""A list in a list in a list."""
MAX_COLUMNS: Final = 12
MAX_ROWS: Final = 200
MAX_CELLS: Final = MAX_COLUMNS * (MAX_ROWS + 1)
"""In all tables of one text together: two characters of source can make a row of twelve cells."""
MAX_ADDRESS: Final = 2000

ESCAPABLE: Final = frozenset("*_[]|-.")
ITEM: Final = re.compile(r"(?:[-*]|\d{1,9}[.)])[ \t]+(?=[^\n]*[^-*+ \t\n])")
"""The start of a list item with something in it."""
DELIMITERS: Final = re.compile(r"[-:| \t]*-[-:| \t]*")
HOST: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]*(?::\d{1,5})?")
MAIL: Final = re.compile(r"[^\s@?&%]+@[a-zA-Z0-9][a-zA-Z0-9.-]*")


class Grammar(MarkdownIt):
    """Markdown with an allow-list of addresses."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser's name)
        """Whether a link may lead there."""
        return is_allowed(url)


def is_allowed(address: str) -> bool:
    """Whether an address is a web page or a mail address, and names its host openly.

    >>> [is_allowed(one) for one in ("https://a.nl/b", "javascript:x", "https://bank.nl@a.nl", "mailto:x@a.nl?bcc=y")]
    [True, False, False, False]
    """
    if len(address) > MAX_ADDRESS or not address.isascii():
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(MAIL.fullmatch(address.partition(":")[2]))
    return parts.scheme in {"http", "https"} and bool(HOST.fullmatch(parts.netloc))


@cache
def grammar() -> Grammar:
    """The parser; it keeps nothing between texts."""
    parser = Grammar("zero", {"maxNesting": 100})
    parser.enable(["table", "list", "emphasis", "link", "escape"])
    parser.block.ruler.at("table", _table, {"alt": ["paragraph"]})
    parser.block.ruler.at("list", _list, {"alt": ["paragraph"]})
    parser.block.ruler.at("paragraph", _paragraph)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("escape", _escape)
    return parser


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    text = _line(state, start)
    if text.startswith("+"):
        return False
    is_new = state.sCount[start] >= state.blkIndent
    if is_new and (state.level >= 2 * MAX_DEPTH or not ITEM.match(text)):
        return False
    return list_block(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    if state.level or start + 2 > end or not DELIMITERS.fullmatch(_line(state, start + 1)):
        return False
    columns = _cells(_line(state, start))
    last = _end_of_rows(state, start + 2, end)
    rows = last - start - 2
    used = state.env.get("cells", 0) + columns * (rows + 1)
    if columns > MAX_COLUMNS or rows > MAX_ROWS or used > MAX_CELLS:
        return False
    if any(_cells(_line(state, line)) > columns for line in range(start + 2, last)):
        return False
    if not table(state, start, last, silent):
        return False
    if not silent:
        state.env["cells"] = used
    return True


def _end_of_rows(state: StateBlock, start: int, end: int) -> int:
    """Return the line after the last row; one row too many is enough to know."""
    line = start
    while line < min(end, start + MAX_ROWS + 1) and "|" in _line(state, line):
        line += 1
    return line


def _cells(line: str) -> int:
    text = line.strip(" \t")
    cells = escapedSplit(text)
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001, ARG001
    outer, state.parentType = state.parentType, "paragraph"
    line = start + 1
    while line < end and not _ends_paragraph(state, line, end):
        line += 1
    state.parentType = outer
    state.line = line
    content = _content(state, start, line)
    state.push("paragraph_open", "p", 1).map = [start, line]
    token = state.push("inline", "", 0)
    token.map, token.children, token.content = [start, line], [], content
    state.push("paragraph_close", "p", -1)
    return True


def _ends_paragraph(state: StateBlock, line: int, end: int) -> bool:
    in_list = state.blkIndent > 0
    if state.isEmpty(line) or (in_list and state.sCount[line] == 0):
        return True
    rules = state.md.block.ruler.getRules("paragraph")
    return any(rule(state, line, end, True) for rule in rules)  # noqa: FBT003 (only looks)


def _content(state: StateBlock, start: int, end: int) -> str:
    """Return the lines as typed; in a list without the white space that only shows where they belong."""
    if state.level == 0:
        return state.src[state.bMarks[start] : state.eMarks[end - 1]]
    return "\n".join(_line(state, line).strip(" \t") for line in range(start, end))


def _emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, False)  # noqa: FBT003 (no emphasis inside words)
    for _ in range(run.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(ord(marker), run.length, len(state.tokens) - 1, -1, run.can_open, run.can_close)
        )
    state.pos += run.length
    return True


def _escape(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if state.src[state.pos] != "\\" or state.pos + 1 >= state.posMax:
        return False
    following = state.src[state.pos + 1]
    if following not in ESCAPABLE:
        return False
    if not silent:
        state.push("text_special", "", 0).content = following
    state.pos += 2
    return True
