"""How a noisy machine is measured on: contenders take turns, round after round, and medians count."""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")


def take_turns(
    measures: Mapping[K, Callable[[], Mapping[str, float]]], rounds: int
) -> dict[K, list[Mapping[str, float]]]:
    """Every measure once a round, each round in the opposite order of the one before; what each gave."""
    results: dict[K, list[Mapping[str, float]]] = {name: [] for name in measures}
    for number in range(rounds):
        order = list(measures)[:: 1 if number % 2 == 0 else -1]
        for name in order:
            result = measures[name]()
            results[name].append(result)
            said = ", ".join(f"{key} {value:,.6g}" for key, value in result.items())
            print(f"  round {number + 1}: {name}: {said}", file=sys.stderr, flush=True)
    return results


def median(results: Sequence[Mapping[str, float]], key: str) -> float:
    return statistics.median(each[key] for each in results)


def paired(ours: Sequence[Mapping[str, float]], peer: Sequence[Mapping[str, float]], key: str) -> float:
    """How many times the peer's figure ours is: the median of what each round says, as noise comes and goes."""
    return statistics.median(mine[key] / theirs[key] for mine, theirs in zip(ours, peer, strict=True))


def spread(results: Sequence[Mapping[str, float]], key: str) -> str:
    """The least and the greatest, as text."""
    values = [each[key] for each in results]
    return f"{min(values):,.0f}–{max(values):,.0f}"


def bound_by(rate: float, python: float, server: float) -> str:
    """What keeps `rate` a second from being more, by the microseconds that each takes of this process and a server.

    Cores in use tell: Python's threads share one; what leaves cores idle waits for locks, round trips and the disk.
    """
    ours, all_of_it, cores = rate * python / 1e6, rate * (python + server) / 1e6, os.cpu_count() or 1
    if ours > 0.85:
        return f"Python ({ours:.1f} cores)"
    if all_of_it > 0.85 * cores:
        return f"processors ({all_of_it:.1f} cores)"
    return f"waiting ({all_of_it:.1f} cores)"


def in_threads(work: Callable[[int], None], threads: int, warm_up: Callable[[int], None]) -> tuple[float, float]:
    """Run `work(0)`, `work(1)` … at once, each after `warm_up` in the same thread.

    Returns the seconds of all the work on the wall, and of processor time in this process.
    """
    ready, failures = threading.Barrier(threads + 1), []

    def run(number: int) -> None:
        try:
            warm_up(number)
            ready.wait()
            work(number)
        except BaseException as failure:
            failures.append(failure)
            ready.abort()

    started = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for each in started:
        each.start()
    try:
        ready.wait()
        wall, processor = time.perf_counter(), time.process_time()
    finally:
        for each in started:
            each.join()
        if failures:
            raise failures[0]
    return time.perf_counter() - wall, time.process_time() - processor


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with aligned columns: the first to the left, the others to the right."""
    cells = [list(headings), *map(list, rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(headings))]

    def line(row: Sequence[str]) -> str:
        first = row[0].ljust(widths[0])
        return "| " + " | ".join([first, *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:])]) + "|"
    return "\n".join([line(cells[0]), rule, *map(line, cells[1:])])
