"""Files under their own SHA-256: whole or not at all, checked when read."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from ethiek.errors import ArchiveError
from ethiek.files.store import FileStore

DATA, OTHER = b"een bestand", b"een ander"
NAME = sha256(DATA).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_staged_file_that_is_not_kept_leaves_nothing(store: FileStore) -> None:
    with store.staged(DATA) as staged:
        assert (staged.sha256, staged.size, staged.path.read_bytes()) == (NAME, len(DATA), DATA)
        assert store.names() == []
    assert list(store.folder.iterdir()) == []


def test_staged_file_is_removed_when_something_fails(store: FileStore) -> None:
    with pytest.raises(ZeroDivisionError), store.staged(DATA):
        raise ZeroDivisionError
    assert list(store.folder.iterdir()) == []


def test_kept_file_is_read_back_and_only_ours_can_open_the_folder(store: FileStore) -> None:
    assert [store.put(DATA), store.put(DATA)] == [NAME, NAME]
    assert (store.read(NAME), store.names()) == (DATA, [NAME])
    assert (store.folder / NAME).stat().st_mode & 0o077 == 0
    assert store.folder.stat().st_mode & 0o077 == 0


def test_changed_missing_and_strange_names_are_refused(store: FileStore) -> None:
    store.put(DATA)
    (store.folder / NAME).write_bytes(OTHER)
    reasons = []
    for name in (NAME, "0" * 64, "../../etc/passwd", "", NAME.upper()):
        with pytest.raises(ArchiveError) as caught:
            store.read(name)
        reasons.append(caught.value.reason)
    assert reasons == ["changed", "missing", *["not a name of the archive"] * 3]
    with pytest.raises(ArchiveError):
        store.put(DATA)


def test_file_that_cannot_be_read_says_why(store: FileStore) -> None:
    store.folder.mkdir()
    (store.folder / NAME).mkdir()
    with pytest.raises(ArchiveError, match="unreadable"):
        store.read(NAME)


def test_age_counts_from_the_last_time_that_it_was_kept(store: FileStore) -> None:
    store.put(DATA)
    os.utime(store.folder / NAME, (1000.0, 1000.0))
    assert (store.age(NAME, 1500.0), store.age("0" * 64, 1500.0)) == (500.0, 0.0)
    store.put(DATA)
    assert store.age(NAME, 1500.0) < 0


def test_moving_takes_a_file_out_for_good(store: FileStore, tmp_path: Path) -> None:
    other = FileStore(tmp_path / "quarantine")
    store.put(DATA)
    store.move_to(other, NAME)
    store.move_to(other, NAME)
    assert (store.names(), other.read(NAME)) == ([], DATA)
    other.discard(NAME)
    other.discard(NAME)
    assert other.names() == []
