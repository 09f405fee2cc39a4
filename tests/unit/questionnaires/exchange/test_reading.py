from __future__ import annotations

import time

import pytest

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.questionnaires.exchange.reading import MAX_BYTES, nodes_of, root_of, text_of

WHERE = "set.yaml"


def refusal(data: bytes) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        import_file(data, WHERE)
    return str(caught.value)


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (here, here, b", ".join([b"*%c" % before] * 9))
    for before, here in zip(b"abcdefgh", b"bcdefghi", strict=True)
)
MERGE_BOMB = b"a: &a {k: x}\n" + b"".join(
    b"%c: &%c {<<: [%s]}\n" % (here, here, b", ".join([b"*%c" % before] * 9))
    for before, here in zip(b"abcdefgh", b"bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ": is empty"),
        (b"\xef\xbb\xbf", ": is empty"),
        (b"tasks: [\xff]\n", ", line 1: is not UTF-8"),
        ("name: x\ntasks: é\n".encode("latin-1"), ", line 2: is not UTF-8"),
        ("name: x".encode("utf-16"), ", line 1: is not UTF-8"),
        (b"- a\n", ": is not a question set: it does not begin with named fields"),
        (b"just text", ": is not a question set: it does not begin with named fields"),
        (b"name: x\n", ": is of no format that Ethiek knows"),
        (b"a: 1\nb: 2\na: 3\n", ", line 3: key 'a' appears twice"),
        (b"a: !!python/object:os.system x\n", ", line 1: a tag is not allowed"),
        (b"a: &a [*a]\n", ", line 1: an alias stands inside what it is the name of"),
        (b"a: &a\n  b: {c: *a}\n", ", line 2: an alias stands inside what it is the name of"),
        (BOMB, ", line 5: holds more than 60000 values"),
        (MERGE_BOMB, ", line 6: holds more than 60000 values"),
        (b"a: " + b"[" * 100_000, ", line 1: is nested deeper than 40 levels"),
        (b'a: "\\0"\n', ", line 1: a control character is not allowed"),
        (b"{" * 100_000, ", line 1: is not JSON: a text in quotes is missing"),
        (b'{"a": ' * 100_000, ", line 1: is nested deeper than 40 levels"),
        (b"[" * 100_000, ", line 1: is nested deeper than 40 levels"),
        (b'{\n"a": 1,\n"a": 2}', ", line 3: key 'a' appears twice"),
        (b'{"a": NaN}', ", line 1: is not JSON: a value is missing"),
        (b'{"a": ' + b"1" * 10_000 + b"}", ", line 1: is not JSON: } is missing"),
        (b'{"a": "\\ud800"}', ", line 1: a control character is not allowed"),
        (b'{"a": 1} x', ", line 1: is not JSON: something follows it"),
        (b'{"a": "x', ", line 1: is not JSON: Unterminated string starting at"),
        (b'{"a": 1,}', ", line 1: is not JSON: a text in quotes is missing"),
    ],
)
def test_hostile_or_broken_file_gets_one_clear_error_with_its_line(data: bytes, told: str) -> None:
    assert refusal(data) == WHERE + told


def test_file_of_fifty_megabytes_is_refused_before_anything_is_read() -> None:
    data = b"a: [" * (50_000_000 // 4)
    started = time.monotonic()

    assert refusal(data) == f"{WHERE}: is larger than {MAX_BYTES} bytes"
    assert time.monotonic() - started < 1


def test_byte_order_mark_and_line_ends_of_windows_are_no_part_of_the_text() -> None:
    assert text_of(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", WHERE) == "a: 1\nb: 2\n"


def test_aliases_and_merged_keys_stand_in_their_place() -> None:
    root = root_of("base: &base {a: '1', b: '2'}\nuse: {<<: *base, b: '3'}\nagain: *base\n", WHERE)

    use, again = root.entry("use"), root.entry("again")
    assert use is not None
    assert again is not None
    assert {name: use.text(name) for name in sorted(use.names)} == {"a": "1", "b": "3"}
    assert {name: again.text(name) for name in sorted(again.names)} == {"a": "1", "b": "2"}


def test_values_without_quotes_are_read_as_they_were_written() -> None:
    root = root_of("a: 1.10\nb: 010\nc: no\nd: 2026-02-16\ne: ~\nf: 1e400\n", WHERE)

    assert [root.text(name) for name in "abcdef"] == ["1.10", "010", "no", "2026-02-16", "", "1e400"]
    assert root.flag("c") is False


def test_json_and_yaml_of_the_same_give_the_same() -> None:
    yaml = root_of("a: 'x\n\n  y'\nb: [1, true, ~]\n", WHERE)
    json = root_of('{"a": "x\\ny",\n "b": [1, true, null]}', WHERE)

    assert yaml.text("a") == json.text("a") == "x\ny"
    assert yaml.texts("b") == json.texts("b") == ("1", "true", "")
    assert nodes_of('{"a":\n{"b": "😀\\ud83d\\ude00"}}', WHERE).value[0][1].value[0][1].value == "😀😀"
