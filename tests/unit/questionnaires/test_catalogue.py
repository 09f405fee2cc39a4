from __future__ import annotations

from pathlib import Path

import pytest

from ethiek.errors import NotFoundError, QuestionnaireError
from ethiek.questionnaires.catalogue import load_catalogue, parse, read_catalogue, sha256
from tests.unit.questionnaires.small import SMALL


def a_home(folder: Path, *, text: str = SMALL, key: str = "toets/1.0", published: str | None = None) -> Path:
    path = folder / f"{key}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    line = f"{sha256(parse(text, 'small'))}  {key}\n" if published is None else published
    (folder / "published.sha256").write_text(line, encoding="ascii")
    return folder


def refusal(home: Path) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        read_catalogue(home)
    return str(caught.value)


def test_load_catalogue_holds_the_published_question_sets_in_order() -> None:
    assert [(one.key, one.language) for one in load_catalogue()] == [
        ("iama/2.0", "nl"),
        ("deda/nl-2025", "nl"),
        ("deda/en-2023", "en"),
        ("moreel-beraad/ofl-2021", "nl"),
        ("quickscan/1.0", "nl"),
        ("iama/1.0", "nl"),
        ("fraia/1.0", "en"),
    ]
    assert len(load_catalogue()) == 7
    assert load_catalogue() is load_catalogue()


def test_get_gives_the_question_set_with_the_key_and_no_other() -> None:
    assert load_catalogue().get("iama/2.0").key == "iama/2.0"
    with pytest.raises(NotFoundError, match=r"^iama/0\.9$"):
        load_catalogue().get("iama/0.9")


def test_read_catalogue_reads_a_folder(tmp_path: Path) -> None:
    assert list(read_catalogue(a_home(tmp_path))) == [parse(SMALL, "small")]


def test_read_catalogue_refuses_a_published_file_that_was_changed(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    changed = SMALL.replace("Kleine toets", "Grote toets")
    (home / "toets/1.0.yaml").write_text(changed, encoding="utf-8")
    now = sha256(parse(changed, "small"))
    assert refusal(home) == f"toets/1.0.yaml: was changed after it was published: {now}"


def test_read_catalogue_refuses_a_file_that_is_not_listed(tmp_path: Path) -> None:
    assert refusal(a_home(tmp_path, published="")) == "toets/1.0: is not listed in published.sha256"


def test_read_catalogue_refuses_a_published_file_that_is_absent(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    (home / "toets/1.0.yaml").unlink()
    assert refusal(home) == "toets/1.0: is published but absent"


def test_read_catalogue_refuses_a_file_under_another_name(tmp_path: Path) -> None:
    assert refusal(a_home(tmp_path, key="toets/2.0")) == "toets/2.0.yaml: calls itself toets/1.0"
