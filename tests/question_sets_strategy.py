"""Random question sets that keep every rule, for tests of what must hold for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from hypothesis import strategies as st

from ethiek.questionnaires.checks import problems
from ethiek.questionnaires.model import (
    Check,
    Column,
    Combine,
    Conclusion,
    Effect,
    Group,
    Kind,
    Level,
    Marker,
    Option,
    Part,
    Question,
    Questionnaire,
    Role,
    Section,
    ShowWhen,
    Source,
    StopRule,
    Test,
    TextLimits,
)

_SIGNS: Final = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="￾￿", max_codepoint=0x1FFFF)
_FOUND: Final = st.sampled_from(
    [
        "no",
        "1.10",
        "null",
        "~",
        "- a",
        "a: b",
        "# x",
        "'",
        '"',
        "{{ 7 }}",
        "| x",
        "a\n\n  b",
        "é\u2028x",
        "😀",
        "<b>x</b>",
    ]
)
IDS: Final = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,6}", fullmatch=True)
LOOKED_AT: Final = {Kind.YES_NO, Kind.CHOICE, Kind.MULTI_CHOICE}


@cache
def texts(longest: int = 20) -> st.SearchStrategy[str]:
    """Texts that a file may hold: something to read at both ends, and no control characters but line ends."""
    free = st.lists(_SIGNS | st.just("\n"), min_size=1, max_size=longest).map("".join)
    return (free.map(str.strip) | _FOUND).filter(bool)


@cache
def _maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | strategy


@cache
def _several(strategy: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, min_size=least, max_size=most, unique=True).map(tuple)


def question_sets(*, most_questions: int = 5) -> st.SearchStrategy[Questionnaire]:
    """Valid question sets, with references back and conditions between their questions."""
    return _well_built(most_questions=most_questions).filter(lambda one: not problems(one))


@st.composite
def _well_built(draw: st.DrawFn, *, most_questions: int) -> Questionnaire:
    """A set in which only conditions may exclude each other."""
    roles = draw(_several(IDS, 1, 3))
    writer = _Writer(draw, roles)
    ids = draw(_several(IDS, 1, most_questions))
    sections = [writer.section(f"s{number}", group) for number, group in enumerate(draw(_groups(ids)))]
    return Questionnaire(
        id=draw(IDS),
        version=draw(IDS),
        title=draw(texts()),
        short_title=draw(texts()),
        language=draw(st.sampled_from(["nl", "en"])),
        choose_when=(draw(texts()), draw(texts())),
        source=draw(_sources()),
        roles=tuple(Role(id_, draw(texts()), draw(st.booleans())) for id_ in roles),
        parts=_parts(draw, sections),
        conclusions=writer.conclusions(),
    )


def _groups(ids: Sequence[str]) -> st.SearchStrategy[list[list[str]]]:
    """Cut a list in pieces that hold at least one."""
    return st.sets(st.integers(1, max(1, len(ids) - 1))).map(
        lambda cuts: [
            list(ids[start:end])
            for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(ids)], strict=True)
            if ids[start:end]
        ]
    )


def _parts(draw: st.DrawFn, sections: list[Section]) -> tuple[Part, ...]:
    cut = draw(st.integers(0, len(sections) - 1))
    pieces = [piece for piece in (sections[:cut], sections[cut:]) if piece]
    return tuple(
        Part(
            f"p{number}", draw(texts()), tuple(piece), number=draw(_maybe(IDS)), intro=draw(_maybe(texts(40)))
        )
        for number, piece in enumerate(pieces)
    )


@cache
def _sources() -> st.SearchStrategy[Source]:
    several = st.just(()) | _several(texts(), 1, 2)
    url = st.sampled_from(["", "https://example.org/a?b=c#d"])
    return st.builds(
        Source,
        texts(),
        texts(),
        st.integers(1900, 2200),
        texts(),
        texts(),
        url=url,
        authors=several,
        unresolved=several,
    )


class _Writer:
    """Writes questions one after the other, and remembers what came before."""

    def __init__(self, draw: st.DrawFn, roles: tuple[str, ...]) -> None:
        self._draw = draw
        self._roles = roles
        self._earlier: list[Question] = []
        self._repeated: set[str] = set()

    def section(self, id_: str, ids: Sequence[str]) -> Section:
        draw = self._draw
        condition, repeat_for = self._condition(self._earlier), self._repeat_for()
        questions = tuple(self.question(one) for one in ids)
        if repeat_for:
            self._repeated |= set(ids)
        return Section(
            id_,
            draw(texts()),
            questions,
            number=draw(_maybe(IDS)),
            intro=draw(_maybe(texts(40))),
            show_when=condition,
            repeat_for=repeat_for,
            note=draw(_maybe(texts())),
        )

    def _repeat_for(self) -> str:
        """The question for whose choices a section is repeated; mostly none."""
        once = [
            one.id for one in self._earlier if one.kind is Kind.MULTI_CHOICE and one.id not in self._repeated
        ]
        return self._draw(st.sampled_from(["", *once]))

    def question(self, id_: str) -> Question:
        draw = self._draw
        kind = draw(st.sampled_from(Kind))
        made = Question(
            id=id_,
            text=draw(texts(40)),
            kind=kind,
            number=draw(_maybe(IDS)),
            why=draw(_maybe(texts())),
            help=draw(_maybe(texts())),
            who=draw(st.just(()) | _several(st.sampled_from(self._roles), 1, 3)),
            options=self._options() if kind in {Kind.CHOICE, Kind.MULTI_CHOICE} else (),
            columns=self._columns() if kind is Kind.TABLE else (),
            optional=draw(st.booleans()),
            explain=kind in LOOKED_AT and draw(st.booleans()),
            max_items=draw(st.none() | st.integers(1, 200))
            if kind in {Kind.MULTI_CHOICE, Kind.TABLE}
            else None,
            show_when=self._condition(self._earlier),
            recalls=self._recalls(),
            markers=draw(
                st.just(()) | st.builds(Marker, texts(), texts(), _maybe(texts())).map(lambda one: (one,))
            ),
            stops=self._stops(id_, kind),
            actions=kind is Kind.TABLE and draw(st.booleans()),
            note=draw(_maybe(texts())),
            limits=self._limits() if kind in {Kind.OPEN_TEXT, Kind.SHORT_TEXT} else None,
            source=draw(_maybe(texts())),
        )
        self._earlier.append(made)
        return made

    def conclusions(self) -> tuple[Conclusion, ...]:
        when = self._condition([one for one in self._earlier if one.id not in self._repeated])
        if when is None:
            return ()
        draw = self._draw
        return (Conclusion(draw(IDS), draw(texts()), draw(st.sampled_from(Level)), when, draw(texts())),)

    def _stops(self, id_: str, kind: Kind) -> tuple[StopRule, ...]:
        """A rule about the question itself; of a yes/no question, whose options are known beforehand."""
        when = Check(id_, Test.IS, ("yes",))
        rule = st.builds(StopRule, st.just(when), st.sampled_from(Effect), texts())
        return self._draw(st.just(()) | rule.map(lambda one: (one,))) if kind is Kind.YES_NO else ()

    def _recalls(self) -> tuple[str, ...]:
        ids = [one.id for one in self._earlier]
        return self._draw(st.just(()) | _several(st.sampled_from(ids), 1, 2)) if ids else ()

    def _condition(self, among: Sequence[Question]) -> ShowWhen | None:
        seen = [one for one in among if one.kind in LOOKED_AT and one.id not in self._repeated]
        if not seen:
            return None
        checks = st.sampled_from(seen).flatmap(_checks)
        group = st.builds(
            Group, st.sampled_from(Combine), st.lists(checks, min_size=2, max_size=3).map(tuple)
        )
        return self._draw(st.none() | st.none() | checks | group)

    def _options(self) -> tuple[Option, ...]:
        draw = self._draw
        return tuple(
            Option(id_, draw(texts()), draw(_maybe(texts())), draw(_maybe(texts())))
            for id_ in draw(_several(IDS, 2, 3))
        )

    def _columns(self) -> tuple[Column, ...]:
        draw = self._draw
        return tuple(
            Column(
                id_, draw(texts()), kind, self._options() if kind is Kind.CHOICE else (), draw(st.booleans())
            )
            for id_ in draw(_several(IDS, 1, 3))
            for kind in [draw(st.sampled_from([Kind.SHORT_TEXT, Kind.OPEN_TEXT, Kind.DATE, Kind.CHOICE]))]
        )

    def _limits(self) -> TextLimits | None:
        words = _several(st.sampled_from(["hoe", ",", "waarom"]), 0, 2)
        limits = st.builds(TextLimits, st.none() | st.integers(1, 100), st.booleans(), words)
        return self._draw(st.none() | limits.filter(lambda one: one != TextLimits()))


def _checks(question: Question) -> st.SearchStrategy[Check]:
    tests = [Test.HAS, Test.LACKS] if question.kind is Kind.MULTI_CHOICE else [Test.IS]
    values = _several(st.sampled_from(question.option_ids), 1, 3)
    return st.builds(Check, st.just(question.id), st.sampled_from(tests), values)
