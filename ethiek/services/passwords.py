"""Passwords: what is accepted, and how they are kept (argon2id).

Hashing is slow and takes memory on purpose, so what cannot be a password is refused before it, and two
threads do it for all: the C library keeps the memory of every thread that ever hashed.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ethiek.errors import InputError

SHORTEST: Final = 15
LONGEST: Final = 1024

_threads: ThreadPoolExecutor
_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # memory in KiB
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$U2VtTWlsYUNocmlzTm9vcg$BVX9k3Wfh4S0RYpMqzhcMzAjzBCQnVQ8ZfUO5Jf3H8c"
)
"""A hash of the right cost that no password is known to fit."""


def new_hash(password: str) -> str:
    """Check a new password and return what is kept of it.

    Raises:
        InputError: ``too_short``, or what ``text_of`` refuses.
    """
    text = text_of(password)
    if len(text) < SHORTEST:
        raise InputError("password", "too_short")
    return _in_turn(_hasher.hash, text)


def verify_or_dummy(stored: str | None, password: str) -> bool:
    """Whether a password fits. An account that is not there (None) takes as long as one that is.

    Raises:
        InputError: this cannot be anybody's password; nothing was hashed.
    """
    text = text_of(password)
    try:
        fits = _in_turn(_hasher.verify, stored or _NOBODY, text)
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with other costs than today's; make a new one when its owner signs in."""
    return _hasher.check_needs_rehash(stored)


def text_of(password: str) -> str:
    r"""Return the one form of a password that is hashed, however the keyboard composed it.

    Raises:
        InputError: ``empty``, ``too_long`` or ``not_text`` (NUL, or half a character).

    >>> text_of("cafe\u0301") == "caf\u00e9"
    True
    """
    if not password:
        raise InputError("password", "empty")
    if len(password) > LONGEST:
        raise InputError("password", "too_long")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in password):
        raise InputError("password", "not_text")
    return unicodedata.normalize("NFC", password)


_P = ParamSpec("_P")
_R = TypeVar("_R")


def _in_turn(hashing: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    return _threads.submit(hashing, *args, **kwargs).result()


def _new_threads() -> None:
    """A process made by forking has none of its parent's threads."""
    global _threads  # noqa: PLW0603
    _threads = ThreadPoolExecutor(2, thread_name_prefix="passwords")


_new_threads()
os.register_at_fork(after_in_child=_new_threads)
