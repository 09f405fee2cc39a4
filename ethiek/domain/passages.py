r"""Finding a passage in a text as people read it, and taking it out with nothing left of the words it stands in.

Two texts are the same passage when a reader would say so: capitals, accents, ligatures, white space, line ends, soft
hyphens, kinds of dashes and quotes, and the signs of light Markdown make no difference.

>>> hidden("Bel **Jan** Jansen (jan.jansen@a.nl).", "jan jansen", "#")
('Bel **#** (#).', 2)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final
from urllib.parse import unquote

SHORT: Final = 4
"""A passage of fewer letters is only found as a whole word: "An" would take "plan" and "aan" along."""
LEAST: Final = 2
"""Letters or digits that a passage has at least."""

ADDRESS: Final = re.compile(
    r"(?:https?://|mailto:|www\.)[^\s<>()\[\]|]*|[^\s@<>()\[\]|*:]+@[^\s@<>()\[\]|*]+\.[^\s@<>()\[\]|*.,;:!?]+",
    re.IGNORECASE,
)
"""Web and mail addresses: half an address still says whose it is, so the whole of it goes."""

KEPT: Final = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])|[*|]+")
"""Signs of light Markdown inside a passage stay, or their partner outside would be left alone."""
WORDS: Final = re.compile(r"[^\W_]+")
BREAK: Final = r"(?:[*_\\]*|-[ \t]*\n[ \t]*)"
"""What may stand between two letters of a word: signs, or the hyphen of a word that was broken off."""
GROUPED: Final = r"(?:[*_\\]*|[-. \t()/]{1,3})"
"""What may stand between two digits: telephone numbers and accounts are written in groups."""
BETWEEN: Final = r"(?:_|[^\w\ufdd0-\ufdef]){1,8}"
"""What may stand between two words of a passage; not what stands for something left out already."""
OTHER: Final = re.compile(r"[^\x00-\x7f]")
PLAIN_OR_OTHER: Final = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]")
WIDE: Final = {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"}


def squashed(text: str) -> str:
    """Return only the letters and digits of a text, without capitals and accents.

    >>> squashed("José de **Boer**")
    'josedeboer'
    """
    return "".join(
        WORDS.findall(unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()))
    )


def haystack(text: str) -> str:
    """Return what a text is quickly looked through by: :func:`squashed`, with what is written in codes in addresses."""
    return f"{squashed(text)} {squashed(unquote(text))}" if "%" in text else squashed(text)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, each without capitals and accents."""
    return tuple(WORDS.findall(_plain(text)))


def spans(text: str, passage: str) -> tuple[tuple[int, int], ...]:
    """Return where a passage stands in a text, first to last, none touching another.

    A place inside a longer word is the whole word, one inside an address the whole address.

    >>> spans("Een Jansenist las Jansens brief.", "Jansen"), spans("Het plan van An", "An")
    (((4, 13), (18, 25)), ((13, 15),))
    """
    wanted = squashed(passage)
    if len(wanted) < LEAST or wanted not in haystack(text):
        return ()
    addresses = [match.span() for match in ADDRESS.finditer(text)]
    found = [*_in_words(text, passage, whole=len(wanted) < SHORT)]
    if len(wanted) >= SHORT:
        found += [span for span in addresses if wanted in squashed(unquote(text[slice(*span)]))]
    return _joined(_around(span, addresses) for span in found)


def hidden(text: str, passage: str, mark: str) -> tuple[str, int]:
    """Put ``mark`` where the passage stood, and tell how many times."""
    found = spans(text, passage)
    for start, end in reversed(found):
        text = text[:start] + mark + _signs(text[start:end]) + text[end:]
    return text, len(found)


def _plain(text: str) -> str:
    """A text without capitals, accents and what has no shape."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return OTHER.sub(lambda found: "" if _unseen(found[0]) else found[0], decomposed)


def _unseen(character: str) -> bool:
    """Accents, and characters without a shape of their own: soft hyphens, joiners, direction."""
    return not character.isascii() and unicodedata.category(character) in {"Mn", "Me", "Cf"}


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the index of the one that it came from."""
    signs: list[str] = []
    origins: list[int] = []
    for found in PLAIN_OR_OTHER.finditer(text):
        if found[0].isascii():
            signs.append(found[0].lower())
            origins.extend(range(found.start(), found.end()))
        else:
            plain = "".join(WIDE.get(sign, sign) for sign in _plain(found[0]))
            signs.append(plain)
            origins.extend([found.start()] * len(plain))
    return "".join(signs), origins


def _in_words(text: str, passage: str, *, whole: bool) -> Iterator[tuple[int, int]]:
    folded, origins = _folded(text)
    for match in _pattern(words_of(passage), whole=whole).finditer(folded):
        start, end = match.span("passage")
        yield origins[start], _end(text, origins[end - 1] + 1)


def _pattern(words: tuple[str, ...], *, whole: bool) -> re.Pattern[str]:
    body = BETWEEN.join(_letters(word) for word in words)
    if whole:
        return re.compile(rf"(?<![^\W_])(?P<passage>{body})(?![^\W_])")
    return re.compile(rf"(?P<passage>(?<![^\W_])[^\W_]*?{body}[^\W_]*)")


def _letters(word: str) -> str:
    """A word, as a pattern that lets through what may stand between its letters."""
    pairs = pairwise(word)
    joins = (GROUPED if one.isdigit() and other.isdigit() else BREAK for one, other in pairs)
    return re.escape(word[0]) + "".join(
        join + re.escape(letter) for join, letter in zip(joins, word[1:], strict=True)
    )


def _end(text: str, end: int) -> int:
    """With the accents that belong to the last letter."""
    while end < len(text) and _unseen(text[end]):
        end += 1
    return end


def _around(span: tuple[int, int], addresses: list[tuple[int, int]]) -> tuple[int, int]:
    """The same place, with every address that it touches."""
    start, end = span
    touched = [(first, last) for first, last in addresses if first < end and start < last]
    return min([start, *(first for first, _ in touched)]), max([end, *(last for _, last in touched)])


def _joined(found: Iterator[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _signs(taken: str) -> str:
    return "" if ADDRESS.search(taken) else "".join(KEPT.findall(taken))
