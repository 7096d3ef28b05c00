"""What happened, kept in memory so that views can be read from it as from the log: for taking decisions again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from workflow.ids import tags_of
from workflow.slices import Event, Knows, View


class Remembered:
    """The events that were noted so far, in their order. `read` fills views with what concerns them."""

    def __init__(self) -> None:
        self._by_tag: dict[tuple[str, str], list[tuple[int, Event, frozenset[str], int | None]]] = defaultdict(list)
        self._count = 0

    def note(self, fact: Event, position: int | None = None) -> None:
        self._count += 1
        tags = frozenset(tags_of(fact))
        for tag in ("", *tags):
            self._by_tag[fact.TOPIC, tag].append((self._count, fact, tags, position))

    def read(self, views: Iterable[View]) -> None:
        for view in views:
            wanted = tags_of(view)
            found = [
                (number, fact, position)
                for topic in {kind.TOPIC for kind in view.listens_to()}
                for number, fact, tags, position in self._by_tag[topic, wanted[0] if wanted else ""]
                if tags.issuperset(wanted)
            ]
            for _, fact, position in sorted(found, key=lambda each: each[0]):
                view.note(fact, position)

    def learn(self, stages: Knows) -> None:
        """Fill all stages of views, one after the other."""
        for stage in stages:
            self.read(stage)


def listened_to(views: Sequence[type[View]]) -> list[type[Event]]:
    """All types of event that any of these views listens to, each once."""
    return list(dict.fromkeys(kind for view in views for kind in view.listens_to()))
