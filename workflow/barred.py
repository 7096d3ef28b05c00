"""What is kept from who is recused: all that is about the case, whatever it goes by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workflow.case_teams.views import Recusals, TeamsFor
from workflow.case_teams.views import unknown as no_case_team
from workflow.hearings.views import HearingsAbout
from workflow.hearings.views import unknown as no_hearing
from workflow.honours.views import HonoursAbout, HonourStanding
from workflow.honours.views import unknown as no_honour
from workflow.ids import MatterId, PersonId, is_id, tags_of
from workflow.slices import Command, Context, Knows, Refused, View, together


class Barred:
    """What somebody is barred from, now, because they are recused from a case, as `tags`: the case; every team that was
    ever formed for it; a matter that has the id of such a team, or the reference of the case; the hearings about it;
    and the honours for it, but for those that turned out to be for something else."""

    def __init__(self, person: PersonId) -> None:
        self.person = person
        self.tags: frozenset[str] = frozenset()

    def knows(self) -> Knows:
        recused = Recusals([self.person])
        yield from recused.knows()
        if not recused.teams:
            return
        references = sorted(recused.references)
        teams, hearings = [TeamsFor(each) for each in references], [HearingsAbout(each) for each in references]
        yield *teams, *hearings
        same_case = recused.teams.union(*(each.teams for each in teams))
        matters = sorted({MatterId(each) for each in (*same_case, *references) if is_id(each)})
        about = [HonoursAbout(case_team=team) for team in sorted(same_case)]
        about += [HonoursAbout(matter=matter) for matter in matters]
        yield tuple(about)
        honours = [HonourStanding(honour) for honour in sorted({honour for each in about for honour in each.honours})]
        yield tuple(honours)
        tags = {f"case:{reference}" for reference in references} | {f"case-team:{team}" for team in same_case}
        tags |= {f"matter:{matter}" for matter in matters}
        tags |= {f"hearing:{hearing}" for each in hearings for hearing in each.hearings}
        tags |= {f"honour:{each.honour}" for each in honours if not tags.isdisjoint(tags_of(each.must_be_known()))}
        self.tags = frozenset(tags)


class Recused(Refused):
    """Whoever asks, or approves, is recused from the case that a command is about. Nobody is to learn more of a team, a
    hearing or an honour than of one that there is not: so that is what they are told where it names one. Who says by
    its reference what the case is has nothing to learn."""

    def __init__(self, named: Sequence[str]) -> None:
        super().__init__("access.recused", "Whoever asks, or approves, is recused from this case.")
        kinds = dict(each.split(":") for each in named)
        unknown: dict[str, Callable[[str], Refused]] = {
            "case-team": lambda _: no_case_team(),
            "hearing": no_hearing,
            "honour": no_honour,
            "matter": lambda _: no_case_team(),
        }
        self._told = next((of(kinds[kind]) for kind, of in unknown.items() if kind in kinds), None)

    @property
    def told(self) -> Refused:
        return self._told or self


def refuse_barred(command: Command, context: Context, read: Callable[[Sequence[View]], None]) -> None:
    """Raises Recused for a command that names something of a case from which whoever asks, or approves, is recused.
    Asked of every command, in its consistency boundary: a recusal that comes first always counts."""
    barred = [Barred(person) for person in dict.fromkeys(context.people)]
    for stage in together(each.knows() for each in barred):
        read(stage)
    named = sorted(frozenset[str]().union(*(each.tags for each in barred)).intersection(tags_of(command)))
    if named:
        raise Recused(named)
