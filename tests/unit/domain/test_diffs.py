from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.diffs import MAX_TOKENS, Piece, PieceKind, word_diff

SAME, REMOVED, ADDED = PieceKind.SAME, PieceKind.REMOVED, PieceKind.ADDED


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("Wij meten.", "Wij meten.", [Piece(SAME, "Wij meten.")]),
        ("", "Nieuw.", [Piece(ADDED, "Nieuw.")]),
        ("Oud.", "", [Piece(REMOVED, "Oud.")]),
        ("Wij meten", "Wij meten alles", [Piece(SAME, "Wij meten"), Piece(ADDED, " alles")]),
        (
            "Wij zoeken fraude,\nsnel.",
            "Wij zoeken fouten,\nsnel.",
            [
                Piece(SAME, "Wij zoeken "),
                Piece(REMOVED, "fraude"),
                Piece(ADDED, "fouten"),
                Piece(SAME, ",\nsnel."),
            ],
        ),
        ("a b", "a  b", [Piece(SAME, "a"), Piece(REMOVED, " "), Piece(ADDED, "  "), Piece(SAME, "b")]),
    ],
)
def test_word_diff_shows_words_signs_and_spaces(old: str, new: str, pieces: list[Piece]) -> None:
    assert word_diff(old, new) == tuple(pieces)


def test_word_diff_of_a_long_text_replaces_whole_lines() -> None:
    lines = [f"regel {number} van de tekst\n" for number in range(1000)]
    changed = [*lines[:500], "regel 500 is nu anders\n", *lines[501:]]
    assert word_diff("".join(lines), "".join(changed)) == (
        Piece(SAME, "".join(lines[:500])),
        Piece(REMOVED, "regel 500 van de tekst\n"),
        Piece(ADDED, "regel 500 is nu anders\n"),
        Piece(SAME, "".join(lines[501:])),
    )


def test_word_diff_of_a_very_long_text_replaces_it_as_a_whole() -> None:
    old, new = "\n" * MAX_TOKENS + "\na", ". " * MAX_TOKENS
    assert word_diff(old + new, new) == (Piece(REMOVED, old + new), Piece(ADDED, new))


WORDS = st.lists(
    st.sampled_from(["de", "een", "risico", " ", "\n", ",", "é", "\u200b", ""]), max_size=30
).map("".join)


@given(WORDS | st.text(max_size=30), WORDS | st.text(max_size=30))
def test_word_diff_holds_both_texts_and_no_empty_or_double_pieces(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not REMOVED) == new
    assert all(piece.text for piece in pieces)
    assert all(one.kind is not other.kind for one, other in itertools.pairwise(pieces))
