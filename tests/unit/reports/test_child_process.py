from ethiek.reports.child_process import run_child


def test_run_child_when_the_child_reads_late_gets_the_whole_job() -> None:
    ticks: list[int] = []

    status, output = run_child(
        "tests.unit.reports.slow_reader", b"x" * 1_000_000, wall_seconds=20, tick=lambda: ticks.append(1)
    )

    assert (status, output) == (0, b"1000000")
    assert ticks
