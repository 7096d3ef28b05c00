"""Mentoring: model persons, and the mentorships that they and others lead."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.base import ByPersonSchema
from api.schemas.mentoring import (
    DesignateModelPersonSchema,
    ExtendMentorshipSchema,
    MeetGoalSchema,
    MentorshipsSchema,
    ModelPersonsSchema,
    ReviewMentorshipSchema,
    StartMentorshipSchema,
    WithdrawModelPersonSchema,
)
from projections.views import mentoring as views
from projections.views import people as people_views
from projections.views.mentoring import Mentorship, ModelPerson
from workflow.mentoring.designating import DesignateModelPerson, WithdrawModelPerson
from workflow.mentoring.reviewing import ReviewMentorship
from workflow.mentoring.running import EndMentorship, ExtendMentorship, MeetGoal
from workflow.mentoring.starting import StartMentorship

mentoring = Blueprint("mentoring", __name__, url_prefix="/v1", description="Model persons and mentorships.")

THEIRS = "/v1/people/{person}/mentorships"

command(mentoring, "/model-persons", DesignateModelPerson, DesignateModelPersonSchema, "designate", at=THEIRS)
command(mentoring, "/model-persons/<id:person>/withdraw", WithdrawModelPerson, WithdrawModelPersonSchema, "designate")
command(
    mentoring,
    "/mentorships",
    StartMentorship,
    StartMentorshipSchema,
    "mentor",
    at="/v1/mentorships/{mentorship}",
    makes="mentorship",
)
command(mentoring, "/mentorships/<id:mentorship>/review", ReviewMentorship, ReviewMentorshipSchema, "mentor")
command(mentoring, "/mentorships/<id:mentorship>/meet", MeetGoal, MeetGoalSchema, "mentor")
command(mentoring, "/mentorships/<id:mentorship>/extend", ExtendMentorship, ExtendMentorshipSchema, "mentor")
command(mentoring, "/mentorships/<id:mentorship>/end", EndMentorship, ByPersonSchema, "mentor")


class MentorshipShown(Item[Mentorship], kw_only=True):
    """A mentorship, what was done about it, one act after the other, and the names of the two."""

    acts: list[Mentorship]
    names: Names


class MentorshipsOfPerson(Shown, kw_only=True):
    """What somebody is a model for, leads, and learns in, on the day."""

    models: list[ModelPerson]
    led: list[Mentorship]
    learned: list[Mentorship]
    names: Names


@read(mentoring, "/model-persons", Page[ModelPerson], ModelPersonsSchema)
def list_model_persons(look: Look) -> dict[str, Any]:
    """Model persons, by person and kind."""
    return look.page(views.model_persons(look.connection, look.moment, **look.paging()))


@read(mentoring, "/mentorships", Page[Mentorship], MentorshipsSchema)
def list_mentorships(look: Look) -> dict[str, Any]:
    """Mentorships, by id."""
    asked = look.paging()
    states = sorted(set(asked.pop("state")))
    return look.page(views.mentorships(look.connection, look.moment, states=states, **asked))


@read(mentoring, "/mentorships/<id:mentorship>", MentorshipShown)
def mentorship(look: Look, mentorship: str) -> dict[str, Any]:
    """A mentorship, from its start on. Its reviews are duties: `mentoring_review.<mentorship>.<period>`."""
    item = found(views.mentorship(look.connection, look.moment, mentorship), "mentorship", mentorship)
    acts = views.acts(look.connection, look.moment, mentorship)
    return {"item": item, "acts": acts, "names": names(look, [item.mentor, item.mentee])}


@read(mentoring, "/people/<id:person>/mentorships", MentorshipsOfPerson)
def mentorships_of_person(look: Look, person: str) -> dict[str, Any]:
    """The mentorships of a person, on both sides."""
    found(people_views.person(look.connection, look.moment, person), "person", person)
    led = views.led_by(look.connection, look.moment, person)
    learned = views.learned_by(look.connection, look.moment, person)
    others = [each.mentee for each in led] + [each.mentor for each in learned]
    return {
        "models": views.models_of(look.connection, look.moment, person),
        "led": led,
        "learned": learned,
        "names": names(look, [person, *others]),
    }
