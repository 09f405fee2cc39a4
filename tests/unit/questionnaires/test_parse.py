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
from tests.unit.questionnaires.small import SMALL

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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ": is empty"),
        ("# only a comment\n", ": is empty"),
        ("a: [1\n", ", line 2: expected ',' or ']', but got '<stream end>'"),
        ("a: 1\n---\nb: 2\n", ", line 2: but found another document"),
        ("a: \x00\n", ": is not YAML"),
        ("a: '\ud800'\n", ": is not YAML"),
        ('a: "\\0"\n', ", line 1: a control character is not allowed"),
        ('a: "\\ud800"\n', ", line 1: a control character is not allowed"),
        ("a: " + "1" * 5000 + "\n", ": is not YAML"),
        ("a: " + "[" * 25 + "]" * 25, ", line 1: is nested deeper than 20 levels"),
        ("a: '" + "é" * 2**19 + "'", ": is larger than 1048576 bytes"),
        ("- a\n", ", line 1: file: ['a'] is not of type 'object'"),
    ],
)
def test_parse_refuses_what_is_no_single_small_document(text: str, reason: str) -> None:
    assert refusal(text) == WHERE + reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            'title: "Kleine toets"',
            'title: "Kleine toets"\ncolour: "red"',
            "line 1: file: Additional properties are not allowed ('colour' was unexpected)",
        ),
        ('title: "Kleine toets"\n', "", "line 1: file: 'title' is a required property"),
        (
            'title: "Kleine toets"',
            'title: " x"',
            r"line 3: title: ' x' does not match '^\\S(?:[\\s\\S]*\\S)?$'",
        ),
        (
            'kind: "yes_no"',
            'kind: "essay"',
            (
                "line 19: parts/0/sections/0/questions/0/kind: 'essay' is not one of ['open_text', "
                "'short_text', 'yes_no', 'choice', 'multi_choice', 'date', 'number', 'table']"
            ),
        ),
        (
            'lacks: ["none"]}]',
            'lacks: ["none"], is: ["x"]}]',
            (
                "line 34: parts/0/sections/0/questions/2/show_when: a condition is a check "
                "(a question with one of is, has and lacks), or all or any of several"
            ),
        ),
        (
            '{question: "1.1.1", is: ["no"]}',
            '{question: "1.1.1"}',
            (
                "line 22: parts/0/sections/0/questions/0/stops/0/when: "
                "a check is a question with one of is, has and lacks"
            ),
        ),
        ('id: "1.2.1", text', "id: 1, text", "line 41: parts/0/sections/1/questions/0/id: 1 must be quoted"),
        ('language: "nl"', 'language: "fy"', "line 5: language: 'fy' is not one of ['nl', 'en']"),
    ],
)
def test_parse_refuses_what_the_schema_does_not_know_and_names_the_place(
    old: str, new: str, reason: str
) -> None:
    assert refusal(small_with(old, new)) == f"{WHERE}, {reason}"


RECALLS = 'recalls: ["1.1.1"]'
STOP = '{question: "1.1.1", is: ["no"]}'
HAS = '{question: "1.1.2", has: ["young"]}'
REPEATED = '{id: "1.2.1", text: "Hoe erg?", kind: "open_text"}'


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('who: ["jurist"]', 'who: ["koning"]', ", question 1.1.1: who: there is no role koning"),
        ('id: "1.1.2"\n', 'id: "1.1.1"\n', ": question 1.1.1 appears twice"),
        ('id: "1.2"\n', 'id: "1.1"\n', ": section 1.1 appears twice"),
        ('id: "none"', 'id: "young"', ", question 1.1.2: option young appears twice"),
        (", core: true}", '}\n  - {id: "jurist", label: "Nog een"}', ": role jurist appears twice"),
        (RECALLS, 'recalls: ["9"]', ", question 1.1.3: recalls: there is no question 9"),
        (RECALLS, 'recalls: ["1.1.3"]', ", question 1.1.3: recalls: question 1.1.3 does not come earlier"),
        (HAS, '{question: "9", has: ["a"]}', ", question 1.1.3, show_when: question: there is no question 9"),
        (
            HAS,
            '{question: "1.2.1", has: ["a"]}',
            ", question 1.1.3, show_when: question: question 1.2.1 does not come earlier",
        ),
        (
            HAS,
            '{question: "1.1.2", has: ["old"]}',
            ", question 1.1.3, show_when: question 1.1.2 has no option old",
        ),
        (
            HAS,
            '{question: "1.1.2", is: ["young"]}',
            ", question 1.1.3, show_when: is cannot look at the multi_choice 1.1.2",
        ),
        (
            HAS,
            '{question: "1.1.1", lacks: ["yes"]}',
            ", question 1.1.3, show_when: lacks cannot look at the yes_no 1.1.1",
        ),
        (
            STOP,
            '{question: "1.1.2", has: ["young"]}',
            ", question 1.1.1, stops: question: question 1.1.2 does not come earlier",
        ),
        (
            STOP,
            '{question: "1.1.1", is: ["maybe"]}',
            ", question 1.1.1, stops: question 1.1.1 has no option maybe",
        ),
        (
            'repeat_for: "1.1.2"',
            'repeat_for: "1.1.1"',
            ", section 1.2: repeat_for: question 1.1.1 is not a multi_choice",
        ),
        (
            'repeat_for: "1.1.2"',
            'repeat_for: "1.2.1"',
            ", section 1.2: repeat_for: question 1.2.1 does not come earlier",
        ),
        (
            'repeat_for: "1.1.2"',
            'repeat_for: "1.1.2"\n        show_when: {question: "1.2.1", is: ["yes"]}',
            ", section 1.2, show_when: question: question 1.2.1 does not come earlier",
        ),
        (
            'title: "Waarom?"',
            'title: "Waarom?"\n    show_when: {question: "1.1.1", is: ["yes"]}',
            ", part 1, show_when: question: question 1.1.1 does not come earlier",
        ),
        (
            REPEATED,
            (
                '{id: "1.2.1", text: "Hoe erg?", kind: "yes_no"}\n'
                '      - id: "1.3"\n        title: "Daarna"\n        questions:\n'
                '          - {id: "1.3.1", text: "En?", kind: "open_text", '
                'show_when: {question: "1.2.1", is: ["no"]}}'
            ),
            ", question 1.3.1, show_when: question 1.2.1 is in another repeated section",
        ),
        (
            REPEATED,
            (
                '{id: "1.2.1", text: "Wie?", kind: "multi_choice", '
                'options: [{id: "a", label: "A"}, {id: "b", label: "B"}]}\n'
                '      - id: "1.3"\n        title: "Daarna"\n        repeat_for: "1.2.1"\n'
                "        questions:\n"
                '          - {id: "1.3.1", text: "En?", kind: "open_text"}'
            ),
            ", section 1.3: repeat_for: question 1.2.1 is itself repeated",
        ),
    ],
)
def test_parse_refuses_wrong_references_and_names_the_place(old: str, new: str, reason: str) -> None:
    assert refusal(small_with(old, new)) == WHERE + reason


OPTIONS = 'options: [{id: "a", label: "A"}, {id: "b", label: "B"}]'
COLUMNS = 'columns: [{id: "a", label: "A"}]'


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (f'kind: "open_text", {OPTIONS}', "question 1.2.1: options: not for open_text"),
        (f'kind: "open_text", {COLUMNS}', "question 1.2.1: columns: not for open_text"),
        ('kind: "choice"', "question 1.2.1: options: choice needs them"),
        ('kind: "table"', "question 1.2.1: columns: table needs them"),
        ('kind: "open_text", actions: true', "question 1.2.1: actions: not for open_text"),
        (f'kind: "table", explain: true, {COLUMNS}', "question 1.2.1: explain: not for table"),
        ('kind: "short_text", explain: true', "question 1.2.1: explain: not for short_text"),
        ('kind: "date", max_items: 3', "question 1.2.1: max_items: not for date"),
        (
            'kind: "choice", options: [{id: "a", label: "A"}, {id: "b", label: "B", exclusive: true}]',
            "question 1.2.1: exclusive: not for choice",
        ),
        (
            'kind: "table", columns: [{id: "a", label: "A"}, {id: "a", label: "B"}]',
            "question 1.2.1: column a appears twice",
        ),
        (
            'kind: "table", columns: [{id: "a", label: "A", kind: "choice"}]',
            "question 1.2.1, column a: options: choice needs them",
        ),
        (
            f'kind: "table", columns: [{{id: "a", label: "A", kind: "date", {OPTIONS}}}]',
            "question 1.2.1, column a: options: not for date",
        ),
    ],
)
def test_parse_refuses_fields_that_do_not_fit_the_kind(fields: str, reason: str) -> None:
    question = f'{{id: "1.2.1", text: "Hoe erg?", {fields}}}'
    assert refusal(small_with(REPEATED, question)) == f"{WHERE}, {reason}"
