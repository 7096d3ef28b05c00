"""What is kept from who is recused: all that is about the case, whatever it goes by."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.case_teams.views import Recusals, TeamsFor
from workflow.hearings.views import HearingsAbout
from workflow.honours.events import HonourAnnulled, HonourConferred, HonourCorrected, HonourRevoked
from workflow.honours.views import HonoursAbout, HonourStanding
from workflow.ids import MatterId, PersonId, is_id, tag, tags_of
from workflow.slices import Context, Event, Knows, Read, Refused, together


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
    """Whoever asks, or approves, is recused from a case of which a command names something.

    Nobody is to learn more of it than of a case that there is not: they are told what would be said then, or whatever
    they name, `otherwise`. None: the command could be done, for they say themselves what the case is, or make something
    new of it; only then are they told this.
    """

    def __init__(self, otherwise: Refused | None) -> None:
        super().__init__("access.recused", "Whoever asks, or approves, is recused from this case.")
        self._otherwise = otherwise

    @property
    def told(self) -> Refused:
        return self._otherwise or self


def barred_from(context: Context, read: Read) -> list[Barred]:
    """Who of those who ask, or approve, is barred from anything, and from what. Asked of every command, in its
    consistency boundary: a recusal that comes first always counts."""
    barred = [Barred(person) for person in dict.fromkeys(context.people)]
    for stage in together(each.knows() for each in barred):
        read(stage)
    return [each for each in barred if each.tags]


def is_kept(fact: Event, borne: Iterable[str], barred: frozenset[str]) -> bool:
    """Whether an event that bears these tags is kept from whoever is barred from those. All that befell an honour is,
    or nothing of it: of one that turned out to be for something else they see how it stands, which that led to."""
    if isinstance(fact, HonourConferred | HonourCorrected | HonourRevoked | HonourAnnulled):
        borne = (tag("honour", fact.honour),)
    return not barred.isdisjoint(borne)
