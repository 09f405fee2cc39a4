from __future__ import annotations

import pytest

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.catalogue import parse
from ethiek.questionnaires.model import (
    Check,
    Combine,
    Effect,
    Group,
    Kind,
    Option,
    Part,
    Question,
    Questionnaire,
    Role,
    Section,
    Source,
    StopRule,
    Test,
)

SMALL = """\
id: "toets"
version: "1.0"
title: "Kleine toets"
short_title: "Toets"
language: "nl"
choose_when: ["Bij een proef.", "Als er weinig tijd is."]
source: {title: "Toets", publisher: "Gemeente", year: 2026, edition: "Eerste", wording: "Van onszelf."}
roles:
  - {id: "jurist", label: "Jurist", core: true}
parts:
  - id: "1"
    title: "Waarom?"
    sections:
      - id: "1.1"
        title: "Aanleiding"
        questions:
          - id: "1.1.1"
            text: "Mag dit?"
            kind: "yes_no"
            who: ["jurist"]
            stops:
              - {when: {question: "1.1.1", is: ["no"]}, effect: "stop", reason: "Het mag niet."}
          - id: "1.1.2"
            text: "Wie raakt dit?"
            kind: "multi_choice"
            options:
              - {id: "young", label: "Jongeren"}
              - {id: "none", label: "Niemand", exclusive: true}
          - id: "1.1.3"
            text: "Waarom?"
            kind: "open_text"
            recalls: ["1.1.1"]
            show_when:
              all:
                - {question: "1.1.1", is: ["yes"]}
                - any: [{question: "1.1.2", has: ["young"]}, {question: "1.1.2", lacks: ["none"]}]
      - id: "1.2"
        title: "Per groep"
        repeat_for: "1.1.2"
        questions:
          - {id: "1.2.1", text: "Hoe erg?", kind: "open_text"}
"""

WHERE = "toets/1.0.yaml"


def small_with(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def refusal(text: str) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        parse(text, WHERE)
    return str(caught.value)


def test_parse_a_small_file_gives_the_whole_model() -> None:
    yes = Check("1.1.1", Test.IS, ("yes",))
    either = Group(Combine.ANY, (Check("1.1.2", Test.HAS, ("young",)), Check("1.1.2", Test.LACKS, ("none",))))
    stop = StopRule(Check("1.1.1", Test.IS, ("no",)), Effect.STOP, "Het mag niet.")
    groups = (Option("young", "Jongeren"), Option("none", "Niemand", exclusive=True))
    first = Section(
        "1.1",
        "Aanleiding",
        (
            Question("1.1.1", "Mag dit?", Kind.YES_NO, who=("jurist",), stops=(stop,)),
            Question("1.1.2", "Wie raakt dit?", Kind.MULTI_CHOICE, options=groups),
            Question(
                "1.1.3",
                "Waarom?",
                Kind.OPEN_TEXT,
                recalls=("1.1.1",),
                show_when=Group(Combine.ALL, (yes, either)),
            ),
        ),
    )
    second = Section("1.2", "Per groep", (Question("1.2.1", "Hoe erg?", Kind.OPEN_TEXT),), repeat_for="1.1.2")
    assert parse(SMALL, WHERE) == Questionnaire(
        id="toets",
        version="1.0",
        title="Kleine toets",
        short_title="Toets",
        language="nl",
        choose_when=("Bij een proef.", "Als er weinig tijd is."),
        source=Source("Toets", "Gemeente", 2026, "Eerste", "Van onszelf."),
        roles=(Role("jurist", "Jurist", core=True),),
        parts=(Part("1", "Waarom?", (first, second)),),
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('title: "Kleine toets"', "title: &t Kleine toets", "line 3: an anchor is not allowed"),
        ('title: "Kleine toets"', "title: *t", "line 3: an alias is not allowed"),
        ('title: "Kleine toets"', "title: !!str Kleine toets", "line 3: a tag is not allowed"),
        ('title: "Kleine toets"', "title: !!python/name:os.system x", "line 3: a tag is not allowed"),
        ('title: "Kleine toets"', "title: Een\nid: x", "line 4: key 'id' appears twice"),
        ('title: "Kleine toets"', "title: {no: x}", "line 3: a key must be a text, in quotes if need be"),
        ('title: "Kleine toets"', "title: {[a]: x}", "line 3: a key must be a text, in quotes if need be"),
        ('version: "1.0"', "version: 1.0", "line 2: '1.0' must be quoted"),
        ('version: "1.0"', "version: 010", "line 2: version: 010 must be quoted"),
        ('version: "1.0"', "version: no", "line 2: version: no must be quoted"),
        ('version: "1.0"', "version: 2026-02-16", "line 2: '2026-02-16' must be quoted"),
        ('version: "1.0"', "version:", "line 2: '' must be quoted"),
        ('version: "1.0"', "<<: {a: b}", "line 2: '<<' must be quoted"),
    ],
)
def test_parse_refuses_ambiguous_yaml_and_names_the_line(old: str, new: str, reason: str) -> None:
    assert refusal(small_with(old, new)) == f"{WHERE}, {reason}"
