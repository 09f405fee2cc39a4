"""What signing may change: if nothing else did, what was found before still holds."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from copy import copy
from typing import Any, Final

from pikepdf import Dictionary, Name, Stream

Key = tuple[int, int]

OF_CATALOGUE: Final = frozenset({"/DSS", "/Extensions", "/Perms"})
OF_FORM: Final = frozenset({"/SigFlags"})
OF_FIELD: Final = frozenset({"/V"})
"""Entries that no rule reads but those that are checked in every revision."""


def only_signed(earlier: Any, later: Any) -> bool:
    """Whether the later state of a document differs from the earlier one in nothing but signatures and their proof.

    Every object of the earlier state is compared; what came with the later one can be reached only through
    entries that may differ.
    """
    if _key(earlier.Root) != _key(later.Root):
        return False
    may_differ = _may_differ(earlier)
    keys = map(_key, earlier.objects)
    return all(_is_same(earlier, later, key, may_differ.get(key, frozenset())) for key in keys)


def _is_same(earlier: Any, later: Any, key: Key, without: AbstractSet[str]) -> bool:
    return _written(earlier.get_object(key), without) == _written(later.get_object(key), without)


def _may_differ(document: Any) -> Mapping[Key, AbstractSet[str]]:
    """Object id -> the entries of it that signing writes."""
    form = document.Root.get("/AcroForm", Dictionary())
    fields = [field for field in form.get("/Fields", ()) if field.get("/FT") == Name.Sig]
    return {
        _key(document.Root): OF_CATALOGUE,
        _key(form): OF_FORM,
        **{_key(field): OF_FIELD for field in fields},
    }


def _written(thing: Any, without: AbstractSet[str]) -> tuple[bytes, ...]:
    """An object as it is written; a stream with its data."""
    if isinstance(thing, Stream):
        return thing.stream_dict.unparse(resolved=True), thing.read_raw_bytes()
    if without and isinstance(thing, Dictionary):
        thing = copy(thing)
        for entry in without & set(thing.keys()):
            del thing[entry]
    return (thing.unparse(resolved=True),)


def _key(thing: Any) -> Key:
    return tuple(thing.objgen)
