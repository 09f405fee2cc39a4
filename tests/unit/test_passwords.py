from __future__ import annotations

import statistics
import subprocess
import sys
import textwrap
import time

import pytest
from argon2 import PasswordHasher

from ethiek.errors import InputError
from ethiek.services import passwords

GOOD = "een lang wachtwoord"


def test_password_fits_its_own_hash_and_no_other() -> None:
    stored = passwords.new_hash(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify_or_dummy(stored, GOOD) is True
    assert passwords.verify_or_dummy(stored, GOOD + "!") is False
    assert passwords.new_hash(GOOD) != stored


def test_password_composed_by_another_keyboard_fits() -> None:
    stored = passwords.new_hash("wachtwoord caf\u00e9 twee")
    assert passwords.verify_or_dummy(stored, "wachtwoord cafe\u0301 twee") is True


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "empty"),
        ("x" * 1_000_000, "too_long"),
        ("x" * 1025, "too_long"),
        ("wachtwoord met \0 erin", "not_text"),
        ("wachtwoord met \ud800 erin", "not_text"),
    ],
)
def test_impossible_password_is_refused_at_once(password: str, reason: str) -> None:
    start = time.perf_counter()
    for check in (lambda: passwords.new_hash(password), lambda: passwords.verify_or_dummy(None, password)):
        with pytest.raises(InputError) as caught:
            check()
        assert (caught.value.field, caught.value.reason) == ("password", reason)
    assert time.perf_counter() - start < 0.05


def test_new_password_has_15_to_1024_characters() -> None:
    with pytest.raises(InputError, match="too_short"):
        passwords.new_hash("x" * 14)
    with pytest.raises(InputError, match="too_short"):
        passwords.new_hash("e\u0301" * 14)  # 28 code points, 14 characters
    assert passwords.verify_or_dummy(passwords.new_hash("x" * 15), "x" * 15) is True
    assert passwords.verify_or_dummy(passwords.new_hash("x" * 1024), "x" * 1024) is True


def test_unknown_account_takes_as_long_as_a_wrong_password() -> None:
    stored = passwords.new_hash(GOOD)
    assert passwords.verify_or_dummy(None, GOOD) is False

    def seconds(kept: str | None) -> float:
        start = time.process_time()
        passwords.verify_or_dummy(kept, "een ander wachtwoord")
        return time.process_time() - start

    known, unknown = zip(*[(seconds(stored), seconds(None)) for _ in range(9)], strict=True)
    assert statistics.median(unknown) == pytest.approx(statistics.median(known), rel=0.2)


TWENTY = textwrap.dedent(r"""
    import re
    from pathlib import Path
    from concurrent.futures import ThreadPoolExecutor
    from ethiek.services import passwords

    def mebibytes():
        return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024

    before = mebibytes()
    with ThreadPoolExecutor(20) as pool:
        assert not any(pool.map(lambda _: passwords.verify_or_dummy(None, "een wachtwoord"), range(20)))
    print(mebibytes() - before)
""")


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_twenty_passwords_at_once_take_the_memory_of_two() -> None:
    result = subprocess.run([sys.executable, "-c", TWENTY], capture_output=True, text=True, check=True)
    assert 15 < float(result.stdout) < 60


def test_broken_hash_fits_nothing() -> None:
    assert passwords.verify_or_dummy("not a hash", GOOD) is False


def test_needs_rehash_when_the_costs_changed() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    assert passwords.needs_rehash(old) is True
    assert passwords.verify_or_dummy(old, GOOD) is True
    assert passwords.needs_rehash(passwords.new_hash(GOOD)) is False
