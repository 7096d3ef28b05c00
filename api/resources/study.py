"""Study: sessions, attendance, and what was made up for."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.paging import PageOfMomentSchema
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.base import DatedSchema
from api.schemas.study import (
    CorrectAttendanceSchema,
    HoldSessionSchema,
    MakeUpSchema,
    RatesSchema,
    ScheduleSessionSchema,
    SessionsSchema,
    VerifyMakeUpSchema,
)
from projections.views import study as view
from projections.views.study import Attended, Rate, Session
from workflow.study.attendance import CorrectAttendance, MakeUpAttendance, ReturnMakeUp, VerifyMakeUp
from workflow.study.sessions import CancelSession, HoldSession, ScheduleSession

study = Blueprint("study", __name__, url_prefix="/v1", description="Study sessions and attendance.")

command(study, "/study", ScheduleSession, ScheduleSessionSchema, "perform", at="/v1/study/{session}")
command(study, "/study/<id:session>/hold", HoldSession, HoldSessionSchema, "perform")
command(study, "/study/<id:session>/cancel", CancelSession, DatedSchema, "perform")
command(study, "/study/<id:session>/make-up", MakeUpAttendance, MakeUpSchema, "perform")
command(study, "/study/<id:session>/verify", VerifyMakeUp, VerifyMakeUpSchema, "answer")
command(study, "/study/<id:session>/return", ReturnMakeUp, VerifyMakeUpSchema, "answer")
command(study, "/study/<id:session>/correct", CorrectAttendance, CorrectAttendanceSchema, "perform")


class SessionShown(Item[Session], kw_only=True):
    """A session, how it came to be so, how everybody attended who had to, and the names of the people in it."""

    acts: list[Session]
    attendance: list[Attended]
    names: Names


class Rates(Shown, kw_only=True):
    items: list[Rate]


@read(study, "/study", Page[Session], SessionsSchema)
def sessions(look: Look) -> dict[str, Any]:
    """Study sessions, by id."""
    asked = look.paging()
    states = sorted(set(asked.pop("state")))
    return look.page(view.sessions(look.connection, look.moment, states=states, **asked))


@read(study, "/study/rates", Rates, RatesSchema)
def rates(look: Look) -> dict[str, Any]:
    """Attendance by the unit that held the sessions, tier and period."""
    return {"items": view.rates(look.connection, look.moment, **look.query)}


@read(study, "/study/<id:session>", SessionShown)
def session(look: Look, session: str) -> dict[str, Any]:
    """A study session, with everybody's attendance."""
    item = found(view.session(look.connection, look.moment, session), "session", session)
    attendance = view.attendance(look.connection, look.moment, session)
    people = [item.host, item.speaker, *(item.guests or ()), *(each.person for each in attendance)]
    shown = names(look, [*people, *(each.verifier for each in attendance)])
    acts = view.acts(look.connection, look.moment, session)
    return {"item": item, "acts": acts, "attendance": attendance, "names": shown}


@read(study, "/study/people/<id:person>", Page[Attended], PageOfMomentSchema)
def attendance_of(look: Look, person: str) -> dict[str, Any]:
    """How somebody attended, by session."""
    return look.page(view.attendance_of(look.connection, look.moment, person, **look.paging()))
