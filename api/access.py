"""Access: what each role may do, in one table, and asked in one place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from flask import current_app, g, request

from api.problems import Pointer, Problem
from api.tokens import Bearer, Role
from api.wiring import Resonance
from projections.models import MODELS
from projections.models.assessments import RESULT
from projections.models.case_teams import INTERFERENCE
from projections.views import of_cases
from projections.views.assessments import cause_shown
from workflow.barred import Barred
from workflow.case_teams.events import InterferenceRecorded
from workflow.ids import PersonId
from workflow.slices import Context

Act = Literal[
    "see",
    "see names",
    "see history",
    "organise",
    "report",
    "import",
    "measure",
    "answer",
    "supervise",
    "perform",
    "rule",
    "operate",
    "plan",
    "work",
    "verify",
    "assess",
    "confirm",
    "appeal",
    "review",
    "honour",
    "prove",
    "serve",
    "designate",
    "mentor",
    "develop",
    "apply for brands",
    "recognise",
    "team",
    "declare",
    "inspect",
    "erase",
]

ANY: frozenset[Role] = frozenset(("admin", "recorder", "leader", "assessor", "supervisor", "auditor"))
BUSINESS: frozenset[Role] = frozenset(("recorder", "leader", "assessor", "supervisor"))

MAY: dict[Act, frozenset[Role]] = {
    "see": ANY,  # units, posts, appointments, indicators, readings, warnings, chains: ids, no personal details
    "see names": BUSINESS | {"auditor"},  # names, phones and numbers, unsealed; how people were assessed
    "see history": BUSINESS | {"auditor"},  # the trail, events, comparisons, the feed of the log
    "organise": frozenset(("recorder",)),  # units, posts, people, memberships, appointments, grids
    "report": frozenset(("recorder",)),  # readings, and their corrections
    "import": frozenset(("recorder", "assessor")),  # files, of whatever they may write line by line too
    "measure": frozenset(("assessor",)),  # indicators and targets
    "answer": frozenset(("leader",)),  # acknowledge a warning, plan and report its rectification, hold its interview
    "rule": frozenset(("supervisor",)),  # adopt a charter, or see what it would have made of what was reported
    # close a warning out, reopen or extend it; override a colour; excuse a duty, inspect a cycle
    "supervise": frozenset(("supervisor",)),
    # fulfil duties, submit reports, move cycles; who may answer also extends duties and signs, accepts, returns reports
    "perform": frozenset(("recorder", "leader")),
    "operate": frozenset(("admin", "auditor")),  # refused attempts, and who looked at the log
    "plan": frozenset(("leader", "supervisor")),  # adopt and amend plans; split, reassign, share, extend, cancel tasks
    "work": frozenset(("recorder", "leader")),  # accept or refuse a task, say what is done of it
    "verify": frozenset(("leader", "supervisor")),  # verify or return a task
    "assess": frozenset(("assessor",)),  # open an assessment, score, bonus, deduction, veto, vote, publish
    "confirm": frozenset(("leader",)),  # confirm the scores of an assessment
    "appeal": frozenset(("recorder", "leader")),  # lodge an appeal
    "review": frozenset(("supervisor",)),  # decide an appeal, recuse a reviewer
    "honour": frozenset(("recorder",)),  # confer and revoke honours, correct and annul their records
    "prove": frozenset(("auditor",)),  # checkpoints and tiles: all that the log holds
    # members of teams, check-ins, activities, visits, needs, hearings; who may plan also forms teams, plans how many
    # hearings there are to be, reopens and annuls visits, moves and annuls needs
    "serve": frozenset(("recorder", "leader")),
    "designate": frozenset(("leader", "supervisor")),  # designate model persons, and withdraw that
    "mentor": frozenset(("recorder", "leader")),  # start, review, extend and end mentorships, confirm goals
    # enrol in programmes and withdraw, complete items; who may plan adopts programmes, who may verify verifies items
    "develop": frozenset(("recorder", "leader")),
    "apply for brands": frozenset(("recorder", "leader")),  # apply for a brand, or for its renewal
    # review, list, reject, move, check and retire brands; score and correct qualities
    "recognise": frozenset(("assessor", "supervisor")),
    # form and dissolve case teams; members, leads, handovers, stages, overlays
    "team": frozenset(("recorder", "leader")),
    "declare": BUSINESS,  # declare or order a recusal, record an interference; who may supervise also lifts recusals
    "inspect": frozenset(("supervisor", "auditor")),  # what was recorded of interferences; the log as a whole
    "erase": frozenset(("recorder", "supervisor")),  # erase somebody's details, restrict them, and lift that
}
"""The administrator runs the installation and holds no business role; the auditor can write nothing."""

MAY_APPROVE: frozenset[Role] = frozenset(("leader", "assessor", "supervisor"))
"""Who can be the second person of an act that takes two."""

SECOND_PERSON = "Resonance-Second-Person"


def resonance() -> Resonance:
    """The installation that this application serves."""
    found: Resonance = current_app.extensions["resonance"]
    return found


def admit(act: Act) -> Bearer:
    """Whoever sends this request, if their role may do it. Raises Problem: 401 without a good token, 403 else."""
    bearer = _bearer_of("Authorization")
    if bearer is None:
        raise Problem(
            401,
            "access.token_missing",
            "This request needs a token: Authorization: Bearer …",
            headers={"WWW-Authenticate": 'Bearer realm="resonance"'},
        )
    g.bearer = bearer
    if not allowed(bearer, act):
        roles = " or ".join(sorted(MAY[act]))
        raise Problem(403, "access.role", f"A {bearer.role} may not do this; it takes a {roles}.")
    resonance().settle_once()
    return bearer


def allowed(bearer: Bearer, act: Act) -> bool:
    return bearer.role in MAY[act]


def approver(actor: Bearer) -> str:
    """The user who approves this request as the second person; "" if it names none.

    Raises Problem for a token that is no good, for the actor's own, and for a role that cannot approve.
    """
    second = _bearer_of(SECOND_PERSON)
    if second is None:
        return ""
    pointer: list[Pointer] = [{"header": SECOND_PERSON, "detail": "The token of somebody else who may approve."}]
    if second.user == actor.user or (second.person is not None and second.person == actor.person):
        raise Problem(403, "access.second_self", "Nobody is their own second person.", pointer)
    if second.role not in MAY_APPROVE:
        raise Problem(403, "access.second_role", f"A {second.role} may not approve what others do.", pointer)
    g.second = second
    return second.user


def asking(reason: str, command_id: str = "") -> Context:
    """Whoever sends this request, and who approves it. Raises Problem as `approver` does."""
    second = approver(g.bearer)
    people = [each.person for each in (g.bearer, g.get("second")) if each is not None and each.person is not None]
    return resonance().context(
        g.bearer.user, command_id=command_id, reason=reason, approver=second, people=tuple(map(PersonId, people))
    )


_TABLES = {table.name: table for model in MODELS for table in model.tables}


class Sight(NamedTuple):
    """What whoever asks must not see: all that bears a tag of what is `barred`, and interferences unless they
    inspect."""

    barred: frozenset[str]
    inspects: bool

    def of_event(self, topic: str, tags: Collection[str]) -> bool:
        """Whether they may see an event of this type, with these tags."""
        return self.barred.isdisjoint(tags) and (self.inspects or topic != InterferenceRecorded.TOPIC)

    def of_row(self, table: str, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """What they may see of a row of a table of facts; None: nothing."""
        about = {f"{kind}:{row[column]}" for column, kind in of_cases(_TABLES[table]).items()}
        if not self.barred.isdisjoint(about) or (table == INTERFERENCE.name and not self.inspects):
            return None
        return dict(row) | ({"cause": cause_shown(row["cause"], self.barred)} if table == RESULT.name else {})

    def of_attempt(self, command: str, subjects: Iterable[str], sentence: str) -> bool:
        """Whether they may see that a command was tried and refused, and the sentence that says why: it may name
        something of the case too."""
        words = {word.strip(",;:") for word in sentence.split()}
        words |= {word.removesuffix(".") for word in words}  # it ends a sentence, or the id itself ends so
        named = any(each.partition(":")[2] in words for each in self.barred)
        topic = InterferenceRecorded.TOPIC if command == "RecordInterference" else ""
        return not named and self.of_event(topic, set(subjects))

    def of_look(self, asked: Mapping[str, Collection[str]]) -> bool:
        """Whether they may see that somebody looked for this: also what others asked for tells of a team. It is asked
        for by a tag, or by an id under the name of its kind."""
        named = {
            *asked.get("tag", ()),
            *(f"{name.replace('_', '-')}:{value}" for name, values in asked.items() for value in values),
        }
        return self.of_event("", named) and (self.inspects or InterferenceRecorded.TOPIC not in asked.get("type", ()))


def sight() -> Sight:
    """What whoever sends this request must not see. It is asked of the end of the log, so a recusal counts from the
    moment it is recorded: also for what was known before, and whether or not the facts have come so far."""
    return Sight(_barred(g.bearer), allowed(g.bearer, "inspect"))


def whole_log() -> None:
    """Whoever sends this request, if they may read the log as it is, with nothing left out. Raises Problem for who does
    not inspect, and for who is recused from anything."""
    admit("inspect")
    if _barred(g.bearer):
        sentence = "The log as a whole holds cases from which you are recused. Ask for the trail: it leaves them out."
        raise Problem(403, "access.recused", sentence)


def _barred(bearer: Bearer) -> frozenset[str]:
    """The tags of all from which whoever bears a token is barred."""
    if bearer.person is None:
        return frozenset()
    barred = Barred(PersonId(bearer.person))
    for stage in barred.knows():
        resonance().writer.look(*stage)
    return barred.tags


def _bearer_of(header: str) -> Bearer | None:
    """Whose token a header shows; None if the request has no such header."""
    value = request.headers.get(header)
    if value is None:
        return None
    scheme, _, token = value.partition(" ")
    bearer = resonance().tokens.bearer(token.strip()) if scheme.lower() == "bearer" else None
    if bearer is None:
        raise Problem(
            401,
            "access.token_unknown",
            "The token is not known, or was revoked.",
            [{"header": header, "detail": "Bearer, a space, and a token that was issued and not revoked."}],
            headers={"WWW-Authenticate": 'Bearer realm="resonance", error="invalid_token"'},
        )
    return bearer
