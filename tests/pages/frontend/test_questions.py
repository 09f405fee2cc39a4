"""One question block: the question text belongs to its control, and all works as a plain form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList, Form, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

IMPORT = '{% from "macros/questions.html" import datalists, question, question_form, save_bar, stops %}'
Render = Callable[..., str]
Parse = Callable[[str], Element]


class RowForm(Form):  # type: ignore[misc]  # WTForms has no types
    what = StringField("Actiepunt", [Length(max=8, message="Te lang.")])
    due = DateField("Wanneer", [Optional()])


class OpenForm(Form):  # type: ignore[misc]
    text = TextAreaField("Antwoord", [Length(max=8, message="Te lang.")])
    considerations = TextAreaField("Overwegingen")
    revision = HiddenField()
    token = HiddenField()


class ChoiceForm(Form):  # type: ignore[misc]
    choice = RadioField("Keuze", choices=[SelectChoice("yes", "Ja"), SelectChoice("no", "Nee")])
    text = TextAreaField("Toelichting")


class TableForm(Form):  # type: ignore[misc]
    rows = FieldList(FormField(RowForm), min_entries=2, max_entries=5)


@dataclass
class View:
    """The object that the questionnaire page hands to the macro."""

    form: Form
    key: str = "q-1.1"
    language: str = "en"
    number: str = "1.1"
    text: str = "Wat is de aanleiding?"
    why: str = ""
    help: str = ""
    note: str = ""
    who: list[str] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)
    recalls: list[tuple[str, str]] = field(default_factory=list)
    words: list[object] = field(default_factory=list)
    hidden: bool = False
    conflict: object = None
    saved_at: str | None = None
    saved_by: str | None = None
    history_url: str | None = None


@pytest.fixture
def block(render: Render, parse: Parse) -> Callable[[View], Element]:
    return lambda view: parse(render(IMPORT + "{{ question(q) }}", q=view))[0]


Block = Callable[[View], Element]


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def names(root: Element, tag: str = "button") -> list[tuple[str | None, str | None]]:
    return [(element.get("name"), element.get("value")) for element in root.iter(tag)]


def test_open_question_labels_its_textarea_with_the_question(block: Block) -> None:
    root = block(View(OpenForm(prefix="q-1.1"), help="Noem het doel."))

    labels = {label.get("for"): text(label) for label in root.iter("label")}
    assert labels == {"q-1.1-text": "Wat is de aanleiding?", "q-1.1-considerations": "Overwegingen"}
    (control,) = [area for area in root.iter("textarea") if area.get("id") == "q-1.1-text"]
    assert control.get("aria-describedby") == "q-1.1-help"
    assert [text(e) for e in root.iter() if e.get("id") == "q-1.1-help"] == ["Noem het doel."]
    assert (root.get("id"), root.get("data-question"), "hidden" in root.attrib) == ("q-1.1", "q-1.1", False)
    assert names(root, "input") == [("q-1.1-revision", ""), ("q-1.1-token", "")]


def test_choice_question_has_the_question_as_legend(block: Block) -> None:
    root = block(View(ChoiceForm(prefix="q-1.1")))
    (legend,) = root.iter("legend")
    assert text(legend) == "1.1 Wat is de aanleiding?"
    assert [text(label) for label in root.iter("label")] == ["Ja", "Nee", "Toelichting"]


def test_table_question_is_a_group_of_labelled_fields_per_row(block: Block) -> None:
    root = block(View(TableForm(prefix="q-1.1"), number=""))
    assert [text(legend) for legend in root.iter("legend")] == ["Wat is de aanleiding?", "Row 1", "Row 2"]
    assert [label.get("for") for label in root.iter("label")] == [
        "q-1.1-rows-0-what",
        "q-1.1-rows-0-due",
        "q-1.1-rows-1-what",
        "q-1.1-rows-1-due",
    ]
    assert names(root) == [("remove_row", "q-1.1:0"), ("remove_row", "q-1.1:1"), ("add_row", "q-1.1")]


def test_table_error_stands_at_its_cell(block: Block) -> None:
    form = TableForm(MultiDict({"q-1.1-rows-0-what": "veel te lang"}), prefix="q-1.1")
    assert form.validate() is False
    root = block(View(form))
    shown = {e.get("id"): text(e) for e in root.iter() if "et-error" in str(e.get("class")) and text(e)}
    assert shown == {"q-1.1-rows-0-what-error": "Error: Te lang."}


def test_hidden_question_is_on_the_page_but_not_shown(block: Block) -> None:
    assert "hidden" in block(View(OpenForm(prefix="q-1.1"), hidden=True)).attrib


def test_context_is_shown_and_the_long_parts_are_closed(block: Block) -> None:
    root = block(
        View(
            OpenForm(prefix="q-1.1"),
            why="Omdat <het> moet.",
            who=["Jurist", "Projectleider"],
            markers=["AI-verordening, artikel 27"],
            recalls=[("1.0 Naam", "Telling")],
            note="Nummer onzeker.",
        )
    )
    assert [text(d) for d in root.iter("details") if "open" not in d.attrib] == [
        "Why do we ask this? Omdat <het> moet.",
        "What you answered earlier 1.0 Naam Telling",
    ]
    assert [text(li) for li in root.iter("li")] == [
        "At the table: Jurist, Projectleider",
        "AI-verordening, artikel 27",
    ]
    assert "Nummer onzeker." in text(root)


def test_words_to_choose_from_are_closed_in_groups_and_say_when_they_are_not_all(
    block: Block, render: Render, parse: Parse
) -> None:
    groups = (("Mensenrechten", ("Privacy", "<Autonomie>")), ("", ("Veiligheid",)))
    words = SimpleNamespace(
        key="words-codio", language="en", title="CODIO", note="Niet alles.", complete=False, groups=groups
    )
    (details,) = block(View(OpenForm(prefix="q-1.1"), words=[words])).iter("details")
    summary, words_in_groups = "Words to choose from: CODIO – this list is not complete", "Niet alles. "
    words_in_groups += "Mensenrechten Privacy <Autonomie> Other words Veiligheid"
    assert ("open" in details.attrib, text(details)) == (False, f"{summary} {words_in_groups}")
    lists = parse(render(IMPORT + "{{ datalists(lists) }}", lists=[words]))
    assert [(e.get("id"), [o.get("value") for o in e]) for e in lists.iter("datalist")] == [
        ("words-codio", ["Privacy", "<Autonomie>", "Veiligheid"])
    ]


def test_conflict_shows_both_texts_and_three_ways_out(block: Block) -> None:
    conflict = SimpleNamespace(by="Sem", at="10:50", theirs="Van <Sem>", yours="Van Noor")
    root = block(View(OpenForm(prefix="q-1.1"), conflict=conflict))

    quotes = [text(e) for e in root.iter() if "et-conflict__quote" in str(e.get("class"))]
    assert quotes == ["Van <Sem>", "Van Noor"]
    assert names(root) == [("q-1.1-keep", "mine"), ("q-1.1-keep", "theirs"), ("q-1.1-keep", "both")]
    assert "data-unsaved" in root.attrib
    assert state(root) == ("conflict", "Not saved: somebody else changed this answer.")


def state(root: Element) -> tuple[str | None, str]:
    (status,) = [e for e in root.iter() if "data-save-status" in e.attrib]
    (words,) = [e for e in root.iter() if "data-save-text" in e.attrib]
    return status.get("data-state"), text(words)


def test_status_of_a_saved_an_invalid_and_a_new_answer(block: Block) -> None:
    invalid = OpenForm(MultiDict({"q-1.1-text": "veel te lang"}), prefix="q-1.1")
    assert invalid.validate() is False
    views = [
        View(OpenForm(prefix="q-1.1"), saved_at="10:42", saved_by="Noor"),
        View(invalid),
        View(OpenForm(prefix="q-1.1")),
    ]
    assert [state(block(view)) for view in views] == [
        ("saved", "Saved at 10:42 by Noor"),
        ("invalid", "Not saved: please look at the message at this question."),
        ("empty", ""),
    ]


def test_history_link_says_of_which_question(block: Block) -> None:
    root = block(View(OpenForm(prefix="q-1.1"), history_url="/h"))
    assert [(a.get("href"), text(a)) for a in root.iter("a")] == [("/h", "History of question 1.1")]


def test_question_form_posts_plainly_and_carries_all_texts_of_the_script(
    render: Render, parse: Parse
) -> None:
    source = "{% call question_form('/deel/1', '/csrf', '/inloggen') %}{{ save_bar() }}{% endcall %}"
    form = parse(render(IMPORT + source))[0]
    assert (form.get("method"), form.get("action"), "novalidate" in form.attrib) == ("post", "/deel/1", True)
    pressed_by_enter, *visible = names(form)[:3]
    assert pressed_by_enter == ("action", "save")
    assert visible == [("action", "next"), ("action", "save")]
    texts = {name.removeprefix("data-t-") for name in form.attrib if name.startswith("data-t-")}
    working = {"saved", "unsaved", "saving", "row"}
    trying_again = {"offline", "failed", "signin", "signin-link"}
    asking_the_user = {"invalid", "conflict", "refused", "reload"}
    assert texts == working | trying_again | asking_the_user


def test_stops_are_listed_with_their_reason(render: Render, parse: Parse) -> None:
    items = [
        SimpleNamespace(effect="stop", reason="Geen doel."),
        SimpleNamespace(effect="warn", reason="Let op."),
    ]
    root = parse(render(IMPORT + "{{ stops(items) }}", items=items))
    (shown,) = [e for e in root.iter() if "data-stop-list" in e.attrib]
    assert [str(e.get("class")).split()[1] for e in shown] == [
        "utrecht-alert--error",
        "utrecht-alert--warning",
    ]
    assert [text(e) for e in shown.iter() if "data-stop-reason" in e.attrib] == ["Geen doel.", "Let op."]
