"""A text that has to be one short sentence: counted, refused by name, and never refused for nothing."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.answer_rules import Problem, ProblemCode, problems
from ethiek.domain.answers import Answer
from ethiek.domain.text_limits import count_words, is_one_sentence, occurs
from ethiek.questionnaires.model import Kind, Question, TextLimits

MORAL: Final = TextLimits(max_words=15, one_sentence=True, without=("hoe", ","))
GOOD: Final = "Is het goed dat de gemeente camera's gebruikt om drukte te meten?"
WORD: Final = st.text(alphabet="abcdefgé0123456789-'’", min_size=1, max_size=8).filter(
    lambda word: any(map(str.isalnum, word))
)


def problems_of(text: str, limits: TextLimits = MORAL, kind: Kind = Kind.SHORT_TEXT) -> tuple[Problem, ...]:
    return problems(Question("q", "Wat is de morele vraag?", kind, limits=limits), Answer(text=text))


@pytest.mark.parametrize(
    "text", ["", GOOD, GOOD[:-1], "Mag een hoek?", "Mag dit!?", 'Mag "dit?"', "Mag 3.5?"]
)
@pytest.mark.parametrize("kind", [Kind.SHORT_TEXT, Kind.OPEN_TEXT])
def test_problems_of_a_text_within_its_limits_are_none(text: str, kind: Kind) -> None:
    assert problems_of(text, kind=kind) == ()


def test_problems_with_every_limit_at_once_name_each() -> None:
    text = "Hoe kan het, en mag het? " + "Ja " * 12
    assert problems_of(text) == (
        Problem("text", ProblemCode.TOO_MANY_WORDS, "15", "18"),
        Problem("text", ProblemCode.MORE_SENTENCES),
        Problem("text", ProblemCode.BANNED_WORD, "hoe"),
        Problem("text", ProblemCode.BANNED_SIGN, ","),
    )


def test_limits_are_about_the_answer_and_not_about_its_considerations() -> None:
    question = Question("q", "Wat is de morele vraag?", Kind.SHORT_TEXT, limits=MORAL)
    assert problems(question, Answer(text=GOOD, considerations="Hoe dan, en waarom? Daarom.")) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n", 0),
        ("– … !", 0),
        ("AI-systeem", 1),
        ("en/of  dan\nwel", 3),
        ("18 uur", 2),
        ("a . b", 2),
    ],
)
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    "text",
    ["Een. Twee.", "Een? Twee", "Een?Twee", "Een! ?", "Een… twee", "Bijv. dit", '"Mag dit?" vroeg zij'],
)
def test_is_one_sentence_with_an_end_before_the_end_is_false(text: str) -> None:
    assert is_one_sentence(text) is False


@pytest.mark.parametrize(
    ("banned", "text", "expected"),
    [
        ("hoe", "HOE?", True),
        ("hoe", "(hoe)", True),
        ("hoe", "hoeveel", False),
        ("hoe", "aanhoe", False),
        ("op welke  manier", "Op welke\nmanier dan", True),
        ("é", "E\u0301 voila", True),
        ("e.d.", "camera's e.d. hier", True),
        ("e.d.", "rexds", False),
        (",", "1,5", True),
        ("...", "wacht...", True),
        ("...", "wacht..", False),
    ],
)
def test_occurs(banned: str, text: str, expected: bool) -> None:
    assert occurs(banned, text) is expected


@given(words=st.lists(WORD, max_size=30), limit=st.integers(1, 30), gap=st.sampled_from([" ", "\n", " – "]))
def test_words_are_refused_exactly_above_the_limit_and_counted(
    words: list[str], limit: int, gap: str
) -> None:
    expected = (Problem("text", ProblemCode.TOO_MANY_WORDS, str(limit), str(len(words))),)
    found = problems_of(gap.join(words), TextLimits(max_words=limit), Kind.OPEN_TEXT)
    assert found == (expected if len(words) > limit else ())


@given(words=st.lists(WORD, min_size=1, max_size=8), banned=WORD)
def test_a_word_occurs_exactly_when_it_is_one_of_the_words(words: list[str], banned: str) -> None:
    plain = ["".join(filter(str.isalnum, word)) for word in words]
    wanted = "".join(filter(str.isalnum, banned))
    assert occurs(wanted, " ".join(plain).upper()) is (wanted in plain)


@given(sentences=st.lists(WORD, min_size=1, max_size=4), mark=st.sampled_from(["?", "!", ".", "?!", "…"]))
def test_sentences_are_one_exactly_when_there_is_one(sentences: list[str], mark: str) -> None:
    text = " ".join(f"{sentence}{mark}" for sentence in sentences)
    assert is_one_sentence(text) is (len(sentences) == 1)


@given(text=st.text(max_size=40))
def test_any_text_can_be_looked_at_and_loses_its_problem_when_the_sign_goes(text: str) -> None:
    found = {problem.code for problem in problems_of(text, TextLimits(without=(",",)), Kind.OPEN_TEXT)}
    assert (ProblemCode.BANNED_SIGN in found) is ("," in text)
    assert is_one_sentence(text) or not is_one_sentence(f"{text} en meer")
