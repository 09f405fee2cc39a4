"""What a text keeps to when its question asks for one short, plain sentence.

The rules are simple on purpose, so that everybody can see why a text is refused: no grammar, no dictionary. An
abbreviation with a point ("bijv. ") therefore counts as the end of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LINE_END: Final = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SENTENCE_END: Final = re.compile(r"(?:[!?…]|\.(?!\w))[!?….\"'”’»)\]]*")
"""A point inside a number or an address ("3.5", "voorbeeld.nl") ends nothing."""


def count_words(text: str) -> int:
    """Return how many words a text has: what stands between white space and holds a letter or a digit.

    >>> count_words("Mag de AI-camera - ook na 18.00 uur - aan?")
    8
    """
    return sum(_has_letters(piece) for piece in text.split())


def count_lines(text: str) -> int:
    r"""Return how many lines a text has, by every sign that ends one.

    >>> count_lines(""), count_lines("een"), count_lines("een\n\ndrie\u2028vier")
    (1, 1, 4)
    """
    return 1 + len(LINE_END.findall(text))


def is_one_sentence(text: str) -> bool:
    """Tell whether a text ends at most once, and then at its end; an end that was not typed yet is no problem.

    >>> is_one_sentence("Mag het?"), is_one_sentence("Mag het"), is_one_sentence("Mag het? Ja.")
    (True, True, False)
    """
    whole = text.rstrip()
    end = _SENTENCE_END.search(whole)
    return end is None or end.end() == len(whole)


def is_word(banned: str) -> bool:
    """Tell whether something to leave out is a word (or several), and not a sign."""
    return _has_letters(banned)


def occurs(banned: str, text: str) -> bool:
    """Tell whether a word or sign occurs: a word only as a whole word, and in capitals too.

    >>> occurs("hoe", "Hoe dan?"), occurs("hoe", "Een hoek"), occurs(",", "Ja, nee")
    (True, False, True)
    """
    wanted, found = _comparable(banned), _comparable(text)
    if not is_word(wanted):
        return wanted in found
    words = r"\s+".join(map(re.escape, wanted.split()))
    return re.search(rf"(?<!\w){words}(?!\w)", found) is not None


def _comparable(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))
