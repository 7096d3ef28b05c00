"""Group commit: calls that arrive while one is being worked on are done together by the next."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")


class _Waiting(Generic[T, R]):
    __slots__ = ("done", "item", "result")

    def __init__(self, item: T) -> None:
        self.item = item
        self.done = False
        self.result: R | BaseException | None = None


class Interrupted(Exception):
    """The thread that worked for others was told to stop. Whether the work was done is not known."""


class Batching(Generic[T, R]):
    """Calls `work` with all items that wait, at most `most` at once; the first caller who waits does it for all.

    `work` returns, in order, a result or an exception for each item; each caller gets its own. If `work` itself
    raises, every caller of that batch gets that exception; an interrupt of the one who works is for him alone, and the
    others get `Interrupted`. There is no thread to start or stop.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R | BaseException]], most: int = 256) -> None:
        self._work = work
        self._most = most
        self._turn = threading.Lock()
        self._queue: deque[_Waiting[T, R]] = deque()

    def do(self, item: T) -> R:
        """Have `item` worked on; return its result or raise its exception."""
        waiting: _Waiting[T, R] = _Waiting(item)
        self._queue.append(waiting)
        while not waiting.done:
            with self._turn:
                if not waiting.done:
                    self._work_off()
        if isinstance(waiting.result, BaseException):
            raise waiting.result
        return cast(R, waiting.result)

    def _work_off(self) -> None:
        batch = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
        results: Sequence[R | BaseException] = [Interrupted()] * len(batch)
        try:
            results = self._work_for(batch)
        finally:  # whatever happens, nobody is left to wait for a batch that is over
            for waiting, result in zip(batch, results, strict=True):
                waiting.result = result
                waiting.done = True

    def _work_for(self, batch: Sequence[_Waiting[T, R]]) -> Sequence[R | BaseException]:
        try:
            results = self._work([waiting.item for waiting in batch])
            if len(results) != len(batch):
                raise RuntimeError(f"{len(results)} results for {len(batch)} items")
        except Exception as error:
            return [error] * len(batch)
        return results
