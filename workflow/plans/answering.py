"""Who answers for what on a day: the units that somebody heads or has among their duties, and the posts they hold."""

from __future__ import annotations

from datetime import date

from workflow.charter.model import Charter
from workflow.ids import PersonId, PostId, UnitId
from workflow.organisation.belonging import GridsOf
from workflow.organisation.ex_officio import Leadership, answer_on
from workflow.organisation.views import Career, PostStanding
from workflow.slices import Knows


class Answers:
    """What a person answers for on a day, as head, acting or not, ex officio, or by the duties of a post."""

    def __init__(self, person: PersonId, day: date) -> None:
        self._person = person
        self._day = day
        self._career = Career(person)
        self._posts: list[PostStanding] = []
        self._led: dict[UnitId, Leadership] = {}

    def knows(self) -> Knows:
        """The views to read."""
        yield (self._career,)
        held = self._career.on(self._day)
        self._posts = [PostStanding(post) for post in sorted({each.post for each in held})]
        grids = [GridsOf(unit) for unit in sorted({each.unit for each in held})]
        if held:
            yield (*self._posts, *grids)
        self._led = {grid.group: Leadership(id) for view in grids for id, grid in view.bindings.items()}
        if self._led:
            yield tuple(self._led.values())

    def holds(self, post: PostId) -> bool:
        return any(each.post == post for each in self._career.on(self._day))

    def heads(self, charter: Charter) -> set[UnitId]:
        """The units that the person heads or leads ex officio."""
        return self._headed(charter) | {unit for unit, each in self._led.items() if self._leads(each)}

    def oversees(self, charter: Charter) -> set[UnitId]:
        """The units among the duties of a post that the person holds."""
        overseers = {kind.id for kind in charter.overseers()}
        found: set[UnitId] = set()
        for post in self._posts:
            if post.established is not None and post.established.kind in overseers:
                found |= set(next((units for since, units in reversed(post.duties) if since <= self._day), ()))
        return found

    def _headed(self, charter: Charter) -> set[UnitId]:
        kinds = {kind.id for kind in charter.post_kinds if kind.rank == "head"}
        established = [post.established for post in self._posts if post.established is not None]
        return {each.unit for each in established if each.kind in kinds}

    def _leads(self, leadership: Leadership) -> bool:
        answer = answer_on(leadership.timeline, self._day)
        return answer is not None and answer.appointment is not None and answer.person == self._person
