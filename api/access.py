"""Access: what each role may do, in one table, and asked in one place."""

from __future__ import annotations

from typing import Literal

from flask import current_app, g, request

from api.problems import Pointer, Problem
from api.tokens import Bearer, Role
from api.wiring import Resonance

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
    "operate": frozenset(("admin", "auditor")),  # refused attempts
    "plan": frozenset(("leader", "supervisor")),  # adopt and amend plans; split, reassign, share, extend, cancel tasks
    "work": frozenset(("recorder", "leader")),  # accept or refuse a task, say what is done of it
    "verify": frozenset(("leader", "supervisor")),  # verify or return a task
    "assess": frozenset(("assessor",)),  # open an assessment, score, bonus, deduction, veto, vote, publish
    "confirm": frozenset(("leader",)),  # confirm the scores of an assessment
    "appeal": frozenset(("recorder", "leader")),  # lodge an appeal
    "review": frozenset(("supervisor",)),  # decide an appeal, recuse a reviewer
    "honour": frozenset(("recorder",)),  # confer and revoke honours
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
    if second.user == actor.user:
        raise Problem(403, "access.second_self", "Nobody is their own second person.", pointer)
    if second.role not in MAY_APPROVE:
        raise Problem(403, "access.second_role", f"A {second.role} may not approve what others do.", pointer)
    return second.user


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
