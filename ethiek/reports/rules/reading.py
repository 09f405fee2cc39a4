"""Reading PDF objects without surprises: one thing or many, and flat or nested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary


def many(value: Any) -> list[Any]:
    """The members of an array; where PDF allows one thing instead of an array, a list of that thing."""
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def is_dictionary(value: Any) -> bool:
    """Whether it is a dictionary; a stream is none."""
    return isinstance(value, Dictionary)


def pairs(node: Any, key: str) -> Iterator[tuple[Any, Any]]:
    """Keys and values of a name tree ("/Names") or number tree ("/Nums"), with all its branches."""
    flat = list(node.get(key, ()))
    yield from zip(flat[::2], flat[1::2], strict=True)
    for branch in node.get("/Kids", ()):
        yield from pairs(branch, key)


def numbers(values: Any) -> list[float]:
    """An array of numbers, such as a rectangle."""
    return [float(value) for value in values]
