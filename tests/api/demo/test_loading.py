"""The demonstration is loaded once, again, after it was interrupted, and by two at once; into its own log only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from api.demo.loading import Loaded, demonstration_in
from api.demo.procuratorate.demonstration import FIRST_DAY, LAST_DAY
from api.settings import Settings
from api.wiring import Resonance, bootstrap
from tests.api.loaded import envelopes, installation, told
from workflow.agendas import agendas
from workflow.charter import shipped
from workflow.charter.adoption import AdoptCharter
from workflow.clock.clock import Clock

DAYS = (LAST_DAY - FIRST_DAY).days


def test_loading_it_again_changes_nothing(demonstration_copy):
    with installation(demonstration_copy) as (wired, again):
        before = list(wired.log.entries())
        progress: list[tuple[int, int]] = []
        assert again.load(lambda done, total: progress.append((done, total))) == Loaded(len(before))
        assert list(wired.log.entries()) == before
        assert wired.journal.latest() == []
    assert progress[-1] == (DAYS, DAYS)
    assert [done for done, _ in progress] == list(range(DAYS + 1))


class Killed(BaseException):
    """Nobody can catch this."""


def test_killed_again_and_again_and_resumed_it_comes_to_the_same(tmp_path, history):
    for stop in (2, 250):
        with installation(tmp_path) as (wired, interrupted), pytest.raises(Killed):
            interrupted.load(killed_after(stop))
        with installation(tmp_path) as (wired, _):
            assert 0 < wired.log.head().position < len(history)
    with installation(tmp_path) as (wired, resumed):
        assert resumed.load() == Loaded(len(history))
        assert told(envelopes(wired)) == told(history)


def killed_after(days: int) -> Any:
    def progress(done: int, total: int) -> None:
        if done == days:
            raise Killed

    return progress


class TwoAtOnce:
    """Two clocks that do what is due at the same time."""

    def __init__(self, wired: Resonance) -> None:
        self._clocks = [Clock(wired.log, wired.handle_all, agendas()) for _ in range(2)]

    def until(self, day: date) -> None:
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda clock: clock.until(day), self._clocks))


def test_lived_again_and_by_two_clocks_at_once_it_is_the_same_history(tmp_path, history, monkeypatch):
    with installation(tmp_path) as (wired, again):
        monkeypatch.setattr(again, "_ticking", TwoAtOnce(wired))
        again.load()
        assert told(envelopes(wired)) == told(history)


class TestWhoseLogItIs:
    def test_an_empty_log_may_become_the_demonstration(self, tmp_path):
        with installation(tmp_path) as (wired, _):
            assert demonstration_in(wired) == ""

    def test_its_own_log_is_known(self, demonstration):
        with installation(demonstration) as (wired, _):
            assert demonstration_in(wired) == "procuratorate"

    def test_the_log_of_others_is_left_alone(self, tmp_path):
        with installation(tmp_path) as (wired, _):
            adopt = AdoptCharter(text=shipped("hospital") + "# our own\n", effective=date(2024, 1, 1))
            wired.handle(adopt, wired.context("A", approver="B"))
            assert demonstration_in(wired) is None

    def test_an_office_that_took_the_same_charter_as_it_is_is_no_demonstration(self, tmp_path):
        with bootstrap(Settings.read({"RESONANCE_VAR": str(tmp_path)})) as wired:
            wired.migrate()
            adopt = AdoptCharter(text=shipped("procuratorate"), effective=date(2024, 1, 1))
            wired.handle(adopt, wired.context("A", approver="B"))
            assert demonstration_in(wired) is None
