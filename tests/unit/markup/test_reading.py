"""What counts as Markdown, and that everything else is the text that was typed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethiek.markup import (
    Block,
    BulletList,
    Emphasis,
    LineBreak,
    Link,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    Text,
    plain,
    read,
    read_inline,
)
from ethiek.markup.grammar import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from ethiek.markup.reading import MAX_BRACKETS, MAX_MARKS


def p(*content: str | Strong | Emphasis | Link | LineBreak) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in content))


def strong(*content: str | Emphasis) -> Strong:
    return Strong(p(*content).content)


def bullets(*items: tuple[Block, ...] | str) -> BulletList:
    return BulletList(tuple((p(item),) if isinstance(item, str) else item for item in items))


BR = LineBreak()

MEANT = {
    "een\ntwee\n\ndrie": (p("een", BR, "twee"), p("drie")),
    "**vet** en *schuin* en __vet__ en _schuin_": (
        p(strong("vet"), " en ", Emphasis((Text("schuin"),)), " en ", strong("vet"), " en ",
          Emphasis((Text("schuin"),))),
    ),
    "**vet *en schuin***": (p(strong("vet ", Emphasis((Text("en schuin"),)))),),
    "Punten:\n- een\n- twee\nSlot": (p("Punten:"), bullets("een", "twee"), p("Slot")),
    "- een\n  vervolg\n* ander": (bullets((p("een", BR, "vervolg"),)), bullets("ander")),
    "- een\n  - onder\n- twee": (bullets((p("een"), bullets("onder")), "twee"),),
    "- een\n-\n- drie": (bullets("een", (), "drie"),),
    "1. een\n2. twee": (NumberedList(((p("een"),), (p("twee"),))),),
    "1. een\n1. twee": (NumberedList(((p("een"),), (p("twee"),))),),
    "4) vier\n5) vijf": (NumberedList(((p("vier"),), (p("vijf"),)), 4),),
    "[wet](https://a.nl/b)": (p(Link("https://a.nl/b", (Text("wet"),))),),
    '[wet](https://a.nl "de titel")': (p(Link("https://a.nl", (Text("wet"),)), " (de titel)"),),
    "[](https://a.nl)": (p(Link("https://a.nl", (Text("https://a.nl"),))),),
    "a | b\n--|--\n**1** | 2\nslot": (
        Table(((Text("a"),), (Text("b"),)), (((strong("1"),), (Text("2"),)),)),
        p("slot"),
    ),
    "|a|\n|-|\n|x \\| y|": (Table(((Text("a"),),), (((Text("x | y"),),),)),),
    "\\*geen\\* \\[tekst\\] C:\\map": (p("*geen* [tekst] C:\\map"),),
}  # fmt: skip

AS_TYPED = [
    "2*3*4 en collega*s en medewerker*sters",
    "snake_case_naam",
    "# geen kop\n## ook niet",
    "Titel\n=====\nTitel\n-----",
    "---\n***\n- - -\n-\n*",
    "+ voordeel\n+ voordeel",
    "1. een\n3. drie",
    "1.een\n-een",
    "    ingesprongen\n\ttab",
    "> aanhaling",
    "`code` en\n```\nblok\n```",
    "<b>vet</b> &amp; &#42; <!-- weg -->",
    "<https://a.nl> https://a.nl",
    "![plaatje](//a.nl/x.png)",
    "[a]: https://a.nl\n\n[a] en [b][a]",
    "[a](/hier) [b](//a.nl) [c](ftp://a.nl) [d](https://bank.nl@a.nl) [e](mailto:x@a.nl?bcc=y)",
    "a | b\n1 | 2",
    "a | b\n--|--\n1 | 2 | 3",
    "**open *en open",
    "regel\u2028regel\u2029alinea",
]


@pytest.mark.parametrize(("text", "blocks"), MEANT.items())
def test_signs_mean_what_they_should(text: str, blocks: tuple[Block, ...]) -> None:
    assert read(text) == blocks


@pytest.mark.parametrize("text", AS_TYPED)
def test_everything_else_stays_what_was_typed(text: str) -> None:
    assert read(text) == plain(text)


def test_cell_has_no_room_for_lists() -> None:
    assert read_inline("- **een**\n- twee") == (p("- ", strong("een"), BR, "- twee"),)


def test_fourth_level_of_a_list_is_text() -> None:
    text = "- a\n  - b\n    - c\n      - d\n- e"
    assert read(text) == (bullets((p("a"), bullets((p("b"), bullets((p("c", BR, "- d"),))))), "e"),)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("- x\n" * MAX_MARKS, BulletList),
        ("- x\n" * (MAX_MARKS + 1), Paragraph),
        (f"{'a|' * MAX_COLUMNS}\n{'-|' * MAX_COLUMNS}\n" + f"{'b|' * MAX_COLUMNS}\n" * MAX_ROWS, Table),
        (f"{'a|' * (MAX_COLUMNS + 1)}\n{'-|' * (MAX_COLUMNS + 1)}", Paragraph),
        ("a|\n-|\n" + "b|\n" * (MAX_ROWS + 1), Paragraph),
    ],
)
def test_beyond_a_limit_a_text_is_shown_as_typed(text: str, kept: type) -> None:
    found = read(text)
    assert isinstance(found[0], kept)
    assert (found == plain(text)) is (kept is Paragraph)


def test_brackets_beyond_the_limit_are_text() -> None:
    found = [
        read("[" * number + "*x*") == plain("[" * number + "*x*")
        for number in (MAX_BRACKETS, MAX_BRACKETS + 1)
    ]
    assert found == [False, True]


def test_all_tables_together_are_limited() -> None:
    table = f"{'a|' * MAX_COLUMNS}\n{'-|' * MAX_COLUMNS}\n" + "|\n" * 99
    kinds = [type(block) for block in read("\n\n".join([table] * 4))]
    assert kinds == [Table, Table, Paragraph, Paragraph]
    assert 2 * MAX_COLUMNS * 100 <= MAX_CELLS < 3 * MAX_COLUMNS * 100


def test_signs_nested_too_deep_are_text() -> None:
    assert read("*a _b *c _d_ c* b_ a*") == plain("*a _b *c _d_ c* b_ a*")


SIZE = 20_000
SHAPES = [
    "*", "_", "**a** ", "*a ", "a *", "[", "[](", "[a](", "[a](http:b.c) ", "[a](http://b.c)", "- ", "- a\n", "1. a\n",
    "a|\n-|\n", "|\n", "-|-\n", "*_", "\\*", "\\", "]", "a\n\n", "a\n", "**a *b ", "[a](<", "*[", "[[]]", "***a** ",
    "- a\n  - b\n    - c\n", "a|b|c\n-|-|-\n|\n|\n\n",
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_takes_long_to_read(shape: str) -> None:
    text = (shape * SIZE)[:SIZE]
    start = time.process_time()
    read(text)
    read(f"{text[: SIZE // 2]}\n\n**x**")
    assert time.process_time() - start < 3


@given(st.text(st.characters(exclude_characters="*_[|\\-.)", exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=60)
def test_text_without_signs_is_read_as_plain_text(text: str) -> None:
    assert read(text) == plain(text)
