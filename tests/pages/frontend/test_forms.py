"""Every control is tied to its label, hint and errors."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

IMPORT = (
    '{% from "macros/forms.html" import field, choices, error_summary, csrf, submit, actions,'
    " danger_confirm, button_link %}"
)
Render = Callable[..., str]
Parse = Callable[[str], Element]


class ProposalForm(Form):  # type: ignore[misc]  # WTForms has no types
    title = StringField(
        "Titel", [InputRequired("Vul een titel in."), Length(max=5)], description="Kort en duidelijk."
    )
    purpose = TextAreaField("Doel", [Optional()])
    unit = SelectField("Eenheid", choices=[SelectChoice("m", "Mobiliteit"), SelectChoice("n", "Natuur")])
    read = BooleanField("Ik heb de toelichting gelezen")
    verdict = RadioField(
        "Oordeel",
        [InputRequired("Kies een oordeel.")],
        choices=[
            SelectChoice("p", "Positief", {"help": "Zonder voorwaarden"}, "Gunstig"),
            SelectChoice("n", "Negatief", {"exclusive": True}, "Ongunstig"),
        ],
    )


def refused() -> ProposalForm:
    form = ProposalForm(MultiDict({"title": "", "unit": "m"}))
    assert form.validate() is False
    return form


def by_id(root: Element, id_: str) -> Element:
    (found,) = [element for element in root.iter() if element.get("id") == id_]
    return found


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_field_without_errors_ties_label_and_hint(render: Render, parse: Parse) -> None:
    root = parse(render(IMPORT + "{{ field(form.title) }}", form=ProposalForm()))

    control = by_id(root, "title")
    label = root.find(".//label")
    assert label is not None
    assert (label.get("for"), text(label)) == ("title", "Titel")
    assert text(by_id(root, "title-hint")) == "Kort en duidelijk."
    assert "hidden" in by_id(root, "title-error").attrib
    assert {k: v for k, v in control.attrib.items() if k != "class"} == {
        "id": "title",
        "name": "title",
        "type": "text",
        "value": "",
        "aria-describedby": "title-hint",
        "aria-required": "true",
    }


def test_field_with_errors_names_them_at_the_control(render: Render, parse: Parse) -> None:
    root = parse(render(IMPORT + "{{ field(form.title) }}", form=refused()))

    control = by_id(root, "title")
    assert control.get("aria-describedby") == "title-hint title-error"
    assert control.get("aria-invalid") == "true"
    assert text(by_id(root, "title-error")) == "Error: Vul een titel in."
    assert "hidden" not in by_id(root, "title-error").attrib


def test_field_hint_argument_replaces_the_description(render: Render, parse: Parse) -> None:
    root = parse(render(IMPORT + "{{ field(form.title, hint='Anders') }}", form=ProposalForm()))
    assert text(by_id(root, "title-hint")) == "Anders"


def test_textarea_has_rows_and_says_that_it_is_optional(render: Render, parse: Parse) -> None:
    root = parse(render(IMPORT + "{{ field(form.purpose, rows=9) }}", form=ProposalForm()))
    label = root.find(".//label")
    assert label is not None
    assert (by_id(root, "purpose").get("rows"), text(label)) == ("9", "Doel (optional)")


@pytest.mark.parametrize(("name", "tag"), [("unit", "select"), ("read", "input")])
def test_select_and_single_checkbox_have_one_label(render: Render, parse: Parse, name: str, tag: str) -> None:
    root = parse(render(IMPORT + "{{ field(form[name]) }}", form=ProposalForm(), name=name))
    assert by_id(root, name).tag == tag
    assert [label.get("for") for label in root.iter("label")] == [name]


def test_choices_are_a_fieldset_with_groups_and_help(render: Render, parse: Parse) -> None:
    root = parse(render(IMPORT + "{{ choices(form.verdict) }}", form=refused()))

    fieldset = by_id(root, "verdict")
    legend = fieldset.find("legend")
    assert legend is not None
    assert (fieldset.tag, text(legend)) == ("fieldset", "Oordeel")
    assert fieldset.get("aria-describedby") == "verdict-error"
    assert text(by_id(root, "verdict-error")) == "Error: Kies een oordeel."
    groups = [element for element in root.iter() if element.get("role") == "group"]
    assert [text(by_id(root, str(group.get("aria-labelledby")))) for group in groups] == [
        "Gunstig",
        "Ongunstig",
    ]
    radios = [element for element in root.iter("input") if element.get("type") == "radio"]
    assert [(r.get("value"), r.get("aria-describedby"), "data-exclusive" in r.attrib) for r in radios] == [
        ("p", "verdict-0-help", False),
        ("n", None, True),
    ]
    assert text(by_id(root, "verdict-0-help")) == "Zonder voorwaarden"
    assert {label.get("for") for label in root.iter("label")} == {radio.get("id") for radio in radios}


def test_error_summary_links_to_the_first_control_of_each_field(render: Render, parse: Parse) -> None:
    source = IMPORT + "{{ error_summary(form) }}{{ field(form.title) }}{{ choices(form.verdict) }}"
    root = parse(render(source, form=refused()))

    links = [(link.get("href"), text(link)) for link in root.iter("a")]
    assert links == [("#title", "Titel: Vul een titel in."), ("#verdict-0", "Oordeel: Kies een oordeel.")]
    assert [by_id(root, str(href)[1:]).tag for href, _ in links] == ["input", "input"]
    (summary,) = [element for element in root.iter() if element.get("role") == "alert"]
    assert summary.get("tabindex") == "-1"


@pytest.mark.parametrize("forms", [ProposalForm(), [ProposalForm(), ProposalForm()]])
def test_error_summary_without_errors_is_nothing(render: Render, forms: object) -> None:
    assert render(IMPORT + "{{ error_summary(forms) }}", forms=forms).strip() == ""


def test_error_summary_of_several_forms_lists_all(render: Render, parse: Parse) -> None:
    root = parse(render(IMPORT + "{{ error_summary(forms) }}", forms=[refused(), ProposalForm(), refused()]))
    assert len(list(root.iter("a"))) == 4


def test_submit_carries_name_value_and_look(render: Render, parse: Parse) -> None:
    root = parse(render(IMPORT + "{{ submit('Weg', 'danger', 'step', 'remove') }}"))
    button = root.find("button")
    assert button is not None
    assert dict(button.attrib) == {
        "class": "nl-button nl-button--primary nl-button--negative",
        "type": "submit",
        "name": "step",
        "value": "remove",
    }


def test_danger_confirm_keeps_the_button_behind_a_second_press(render: Render, parse: Parse) -> None:
    source = (
        IMPORT
        + "{% call danger_confirm('Intrekken', 'Kan niet terug.', 'Trek in') %}<b>reden</b>{% endcall %}"
    )
    details = parse(render(source)).find("details")
    assert details is not None
    assert "open" not in details.attrib
    assert [text(element) for element in details.iter("button")] == ["Trek in"]
    assert [text(element) for element in details.iter("b")] == ["reden"]


def test_csrf_field_holds_a_token(render: Render, parse: Parse) -> None:
    (field,) = parse(render(IMPORT + "{{ csrf() }}")).iter("input")
    assert (field.get("type"), field.get("name")) == ("hidden", "csrf_token")
    assert len(str(field.get("value"))) > 40
