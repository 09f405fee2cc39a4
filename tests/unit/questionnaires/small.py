"""A question set of four questions with every kind of condition, as a file."""

from typing import Final

SMALL: Final = """\
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
