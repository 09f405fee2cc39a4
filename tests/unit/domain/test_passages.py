from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.passages import hidden, spans, squashed

NAMES = st.text(st.sampled_from("abcdeéñßÅøŁ"), min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("text", "passage", "expected"),
    [
        ("Bel Jan Jansen.", "Jan Jansen", "Bel #."),
        ("BEL JAN  JANSEN", "Jan Jansen", "BEL #"),
        ("Bel Jan\nJansen", "Jan Jansen", "Bel #"),
        ("Bel Jan-\nsen", "Jansen", "Bel #"),
        ("Bel Jan\u00adsen", "Jansen", "Bel #"),
        ("Bel Jan\u200bsen", "Jansen", "Bel #"),
        ("Bel **Jan** Jansen", "Jan Jansen", "Bel **#**"),
        ("Bel *Jan*sen nu", "Jansen", "Bel *#* nu"),
        ("Bel _Jan Jansen_", "Jan Jansen", "Bel _#_"),
        ("een oﬃcieel", "officieel", "een #"),
        ("Jose\u0301 Peña", "josé peña", "#"),
        ("Jose Pena", "José Peña", "#"),
        ("Straße", "strasse", "#"),
        ("Anne\u2011Marie", "Anne-Marie", "#"),
        ("O\u2019Neill", "O'Neill", "#"),
        ("Bel 06-12 34 56 78", "0612345678", "Bel #"),
        ("Bel 0612345678", "06 12345678", "Bel 0612345678"),
        ("(Jan Jansen)", "Jan Jansen", "(#)"),
        ("Jansens brief", "Jansen", "# brief"),
        ("Het plan van An", "An", "Het plan van #"),
        ("van nare", "Anna", "van nare"),
        ("mail j.jansen@a.nl.", "Jansen", "mail #."),
        ("mail jan.jansen@a.nl", "Jan Jansen", "mail #"),
        ("mail jan@a.nl", "Jan", "mail #"),
        ("zie https://a.nl/jan-jansen?x=1 voor", "Jan Jansen", "zie # voor"),
        ("[Jan](https://a.nl/M%C3%BCller) x", "Müller", "[Jan](#) x"),
        ("| Jan | Jansen |", "Jan Jansen", "| #| |"),
    ],
)
def test_passage_goes_however_it_is_written_and_leaves_no_piece_of_a_word(
    text: str, passage: str, expected: str
) -> None:
    assert hidden(text, passage, "#")[0] == expected


@pytest.mark.parametrize("passage", ["", "a", "!?", "é"])
def test_passage_of_less_than_two_letters_is_nowhere(passage: str) -> None:
    assert spans(f"a {passage} é", passage) == ()


@given(
    NAMES, NAMES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.text(max_size=30), st.text(max_size=30)
)
def test_no_letters_of_a_name_are_left_whatever_stands_around_it(
    first: str, last: str, form: str, before: str, after: str
) -> None:
    name = unicodedata.normalize(form, f"{first} {last}")  # type: ignore[arg-type]  # one of four
    text, times = hidden(f"{before} {name.upper()} {after}", f"{first} {last}", "\ufdd0")
    assert times >= 1
    assert spans(text, f"{first} {last}") == ()
    assert name.upper() not in text


@given(st.text(max_size=60), st.text(max_size=8))
def test_spans_lie_in_order_inside_the_text(text: str, passage: str) -> None:
    found = spans(text, passage)
    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in found)


def test_squashed_keeps_letters_and_digits_only() -> None:
    assert squashed("De_Heer *J.* Müller-Łukasz, 12b") == "deheerjmullerłukasz12b"
