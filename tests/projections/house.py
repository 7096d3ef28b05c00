"""An institution with a log and facts, for the tests of the projector and of generations."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from projections.facts import At, Facts, ReadModel
from projections.following import Following
from projections.generations import Generation, Generations
from projections.projector import Projector, status
from projections.rebuild import rebuild
from projections.store import checkpoints
from tests.projections.sample import MODELS, Moored, new_log
from workflow.database import Database

NOW = datetime(2030, 1, 1, tzinfo=UTC)


class House:
    """An institution with a log, and facts made from it."""

    def __init__(self, url: str) -> None:
        self.database = Database.parse(url)
        self.log = new_log(self.database)
        self.generations = Generations(self.database)

    def projector(self, models: Sequence[ReadModel] = MODELS, **kwargs: Any) -> Projector:
        return Projector(self.database, self.log, models, **kwargs)

    @property
    def live(self) -> Generation:
        live = self.generations.current()
        assert live is not None
        return live

    def following(self, models: Sequence[ReadModel] = MODELS, **kwargs: Any) -> Following:
        return Following(self.log, self.live, models, **kwargs)

    def positions(self) -> dict[str, int]:
        with self.live.engine.connect() as connection:
            return {name: each.position for name, each in checkpoints(connection).items()}

    def status(self, models: Sequence[ReadModel] = MODELS) -> dict[str, Any]:
        return {name: dict(told) for name, told in status(self.generations, self.log, models, NOW).items()}

    def is_what_a_replay_gives(self, models: Sequence[ReadModel] = MODELS) -> bool:
        return all(rebuild(self.database, self.log, models).same.values())


def refusing(model: ReadModel, boat: str) -> ReadModel:
    """The read model with a handler that does half of its work for one boat and then raises."""

    def handler(facts: Facts, fact: Moored, at: At) -> None:
        model.handlers[Moored](facts, fact, at)
        if fact.boat == boat:
            raise ZeroDivisionError("no such boat")

    return replace(model, handlers={**model.handlers, Moored: handler})


def until(done: Callable[[], object]) -> None:
    """Look again and again, for ten seconds at most, whether something has come about."""
    tick = threading.Event()
    for _ in range(1000):
        if done():
            return
        tick.wait(0.01)
    raise AssertionError("it has not come about")
