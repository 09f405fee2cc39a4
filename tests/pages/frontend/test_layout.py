"""What the layout macros say, and that what users typed is never markup."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest

Render = Callable[..., str]
Parse = Callable[[str], Element]


def show(name: str, call: str) -> str:
    return f'{{% from "macros/layout.html" import {name} %}}{call}'


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_answer_text_keeps_paragraphs_and_line_ends_and_escapes(render: Render, parse: Parse) -> None:
    answer = "Eerste regel\r\ntweede <b>regel</b>\r\n\r\n\r\nLaatste."
    root = parse(render(show("answer_text", "{{ answer_text(answer) }}"), answer=answer))
    assert [p.text for p in root.iter("p")] == ["Eerste regel\ntweede <b>regel</b>", "Laatste."]


def test_answer_text_is_light_markdown_unless_it_is_from_before_that(render: Render, parse: Parse) -> None:
    calls = ("answer_text(words)", "cell_text(words)", "answer_text(words, True)", "cell_text(words, True)")
    roots = [
        parse(render(show("answer_text, cell_text", f"{{{{ {call} }}}}"), words="- **een**"))
        for call in calls
    ]
    assert [[e.tag for e in root[0].iter()][1:] for root in roots] == [
        ["ul", "li", "p", "strong"],
        ["p", "strong"],
        ["p"],
        ["p"],
    ]
    assert [text(root) for root in roots] == ["een", "- een", "- **een**", "- **een**"]


@pytest.mark.parametrize("nothing", ["", None, "  \n\n "])
def test_answer_text_of_nothing_has_no_paragraph(render: Render, parse: Parse, nothing: str | None) -> None:
    root = parse(render(show("answer_text", "{{ answer_text(nothing) }}"), nothing=nothing))
    assert list(root.iter("p")) == []


def test_status_tag_names_the_status_in_words(render: Render, parse: Parse) -> None:
    (tag,) = parse(render(show("status_tag", "{{ status_tag('in_review', 'In behandeling') }}")))
    assert (tag.get("class"), text(tag)) == ("et-tag et-tag--in-review", "In behandeling")


def test_breadcrumb_marks_the_page_itself(render: Render, parse: Parse) -> None:
    root = parse(render(show("breadcrumb", "{{ breadcrumb([('Overzicht', '/'), ('Dossier', none)]) }}")))
    assert [(link.get("href"), text(link)) for link in root.iter("a")] == [("/", "Overzicht")]
    assert [text(e) for e in root.iter() if e.get("aria-current") == "page"] == ["Dossier"]


def test_diff_tells_added_and_removed_apart_without_colour(render: Render, parse: Parse) -> None:
    pieces = [("same", "Een "), ("removed", "oud"), ("added", "nieuw"), ("same", " <plan>")]
    root = parse(render(show("diff", "{{ diff(pieces) }}"), pieces=pieces))
    assert text(root) == "Een [removed: oud end][added: nieuw end] <plan>"
    assert ([text(e) for e in root.iter("del")], [text(e) for e in root.iter("ins")]) == (
        ["[removed: oud end]"],
        ["[added: nieuw end]"],
    )


def test_summary_list_shows_a_dash_for_nothing_but_zero_as_zero(render: Render, parse: Parse) -> None:
    rows = [("Naam", "Noor"), ("Eenheid", ""), ("Datum", None), ("Aantal", 0)]
    root = parse(render(show("summary_list", "{{ summary_list(rows) }}"), rows=rows))
    assert [(text(row[0]), text(row[1])) for row in root[0]] == [
        ("Naam", "Noor"),
        ("Eenheid", "\N{EN DASH}"),
        ("Datum", "\N{EN DASH}"),
        ("Aantal", "0"),
    ]


@pytest.mark.parametrize(
    ("kind", "look", "spoken"),
    [
        ("success", "ok", "Done:"),
        ("warning", "warning", "Please note:"),
        ("error", "error", "Error:"),
        ("info", "info", "For your information:"),
        ("message", "info", "For your information:"),
    ],
)
def test_alert_says_its_kind(render: Render, parse: Parse, kind: str, look: str, spoken: str) -> None:
    root = parse(render(show("alert", "{{ alert(kind, 'Titel', 'Tekst') }}"), kind=kind))
    assert str(root[0].get("class")).split()[1] == f"utrecht-alert--{look}"
    assert text(root) == f"{spoken} Titel Tekst"


def test_pager_without_pages_is_nothing(render: Render) -> None:
    assert render(show("pager", "{{ pager() }}")).strip() == ""


def test_pager_links_both_ways(render: Render, parse: Parse) -> None:
    root = parse(render(show("pager", "{{ pager('/n', '/p') }}")))
    assert [(a.get("rel"), a.get("href")) for a in root.iter("a")] == [("prev", "/p"), ("next", "/n")]


def test_progress_of_nothing_stays_valid(render: Render, parse: Parse) -> None:
    (bar,) = parse(render(show("progress", "{{ progress(0, 0, 'Voortgang') }}"))).iter("progress")
    assert (bar.get("value"), bar.get("max")) == ("0", "1")


def test_stepper_marks_the_current_step_in_words_and_for_machines(render: Render, parse: Parse) -> None:
    steps = [SimpleNamespace(label=s, state=s) for s in ("done", "current", "todo")]
    root = parse(render(show("stepper", "{{ stepper(steps) }}"), steps=steps))
    assert [(text(li), li.get("aria-current")) for li in root.iter("li")] == [
        ("done done", None),
        ("current now", "step"),
        ("todo to do", None),
    ]


def test_part_nav_opens_the_sections_of_the_current_part_only(render: Render, parse: Parse) -> None:
    def part(title: str, *sections: SimpleNamespace, current: bool = False) -> SimpleNamespace:
        url = f"/{title}"
        return SimpleNamespace(
            title=title, number="", url=url, done=1, total=2, current=current, sections=sections
        )

    parts = [part("a", part("a1")), part("b", part("b1", current=True), part("b2"), current=True)]
    root = parse(render(show("part_nav", "{{ part_nav(parts) }}"), parts=parts))
    assert [(a.get("href"), a.get("aria-current")) for a in root.iter("a")] == [
        ("/a", None),
        ("/b", None),
        ("/b1", "page"),
        ("/b2", None),
    ]


def test_remark_shows_replies_and_marks_what_is_internal(render: Render, parse: Parse) -> None:
    replies = [{"author": "Noor", "at": "15:00", "text": "Daarom."}]
    source = "{{ remark('Mila', '14:12', 'Waarom?', replies, True) }}"
    root = parse(render(show("remark", source), replies=replies))
    assert text(root) == "Mila 14:12 internal Waarom? Noor 15:00 Daarom."


def test_data_table_is_named_by_its_caption_and_can_be_scrolled_by_keyboard(
    render: Render, parse: Parse
) -> None:
    call = "{% call data_table('Dossiers', 'd') %}<tbody><tr><td>x</td></tr></tbody>{% endcall %}"
    region = parse(render(show("data_table", call)))[0]
    caption = region.find(".//caption")
    assert caption is not None
    assert (region.get("tabindex"), region.get("aria-labelledby")) == ("0", caption.get("id"))
