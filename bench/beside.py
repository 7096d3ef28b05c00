"""A process of ours that does its work beside what is measured, as it does in production."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event as ProcessEvent

from bench.places import Place
from workflow.database import Database

Work = Callable[[Database, threading.Event], None]


@contextmanager
def beside(work: Work, place: Place) -> Iterator[None]:
    """Meanwhile `work`, a function of a module, goes on at that place in a process of its own."""
    spawning = multiprocessing.get_context("spawn")
    stop = spawning.Event()
    process = spawning.Process(target=_until, args=(stop, work, place.url), daemon=True)
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join(10)
        process.kill()
        process.join()


def _until(stop: ProcessEvent, work: Work, url: str) -> None:
    stopping = threading.Event()

    def heed() -> None:
        stop.wait()
        stopping.set()

    threading.Thread(target=heed, daemon=True).start()
    work(Database.parse(url), stopping)
