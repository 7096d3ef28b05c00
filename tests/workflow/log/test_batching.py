"""Group commit, on its own: whoever waits is worked for, and gets what is his."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.workflow.log.crew import PATIENCE
from workflow.log.batching import Batching, Interrupted


class Work:
    """Work that can be held up: `batches` is what was worked on, `answer` says what comes of each item."""

    def __init__(self, most: int = 256) -> None:
        self.batches: list[list[int]] = []
        self.may_go_on = threading.Event()
        self.has_begun = threading.Event()
        self.batching: Batching[int, int] = Batching(self._do, most)

    def answer(self, item: int) -> int | BaseException:
        return item * 10

    def _do(self, items: Sequence[int]) -> Sequence[int | BaseException]:
        self.batches.append(list(items))
        self.has_begun.set()
        assert self.may_go_on.wait(PATIENCE)
        return [self.answer(item) for item in items]


def ask(work: Work, *items: int) -> list[Future[int]]:
    """Ask for the first item, and while that is being worked on, for all others; what comes of each."""
    with ThreadPoolExecutor(len(items)) as threads:
        asked = [threads.submit(work.batching.do, items[0])]
        assert work.has_begun.wait(PATIENCE)
        asked += [threads.submit(work.batching.do, item) for item in items[1:]]
        await_queue(work.batching, len(items) - 1)
        work.may_go_on.set()
    return asked


def await_queue(batching: Batching[int, int], length: int) -> None:
    turn = threading.Event()
    for _ in range(int(PATIENCE * 1000)):
        if len(batching._queue) == length:
            return
        turn.wait(0.001)
    pytest.fail("the queue never got that long")


def test_everybody_gets_his_own_result():
    work = Work()
    asked = ask(work, *range(20))
    assert [each.result() for each in asked] == [item * 10 for item in range(20)]


def test_those_who_wait_are_worked_for_together():
    work = Work()
    ask(work, *range(20))
    assert work.batches[0] == [0]
    assert sorted(work.batches[1]) == list(range(1, 20))
    assert len(work.batches) == 2


def test_at_most_so_many_are_worked_for_together():
    work = Work(most=8)
    asked = ask(work, *range(20))
    assert [len(batch) for batch in work.batches] == [1, 8, 8, 3]
    assert [each.result() for each in asked] == [item * 10 for item in range(20)]


def test_an_exception_for_one_is_for_him_alone():
    class Picky(Work):
        def answer(self, item: int) -> int | BaseException:
            return KeyError(item) if item == 7 else item

    asked = ask(Picky(), *range(12))
    assert isinstance(asked.pop(7).exception(), KeyError)
    assert [each.result() for each in asked] == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11]


class Failing(Work):
    """Fails the second batch, and works again afterwards."""

    error: BaseException = OSError("gone")

    def _do(self, items: Sequence[int]) -> Sequence[int | BaseException]:
        done = super()._do(items)
        if len(self.batches) == 2:
            raise self.error
        return done


def test_when_a_batch_fails_everybody_in_it_is_told_and_the_next_one_works():
    work = Failing()
    first, *others = ask(work, *range(12))
    assert first.result() == 0
    assert all(isinstance(each.exception(), OSError) for each in others)
    assert work.batching.do(5) == 50


def test_an_interrupt_is_for_the_thread_that_was_interrupted_and_the_others_do_not_wait_for_ever():
    work = Failing()
    work.error = KeyboardInterrupt()
    first, *others = ask(work, *range(12))
    assert first.result() == 0
    told = [type(each.exception()) for each in others]
    assert (told.count(KeyboardInterrupt), told.count(Interrupted)) == (1, 10)
    assert work.batching.do(5) == 50


@pytest.mark.parametrize("surplus", [-1, 1])
def test_a_wrong_number_of_results_is_an_error_for_all(surplus):
    class Careless(Work):
        def _do(self, items: Sequence[int]) -> Sequence[int | BaseException]:
            done = list(super()._do(items))
            return [*done, 0][: len(items) + surplus] if len(items) > 1 else done

    first, *others = ask(Careless(), *range(5))
    assert first.result() == 0
    assert all(isinstance(each.exception(), RuntimeError) for each in others)
