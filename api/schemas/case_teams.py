"""Bodies of the commands about case teams, and what their list is filtered by."""

from __future__ import annotations

from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import ByPersonSchema, DatedSchema
from api.schemas.fields import Id, Text
from api.schemas.queries import WITHIN


class FormCaseTeamSchema(DatedSchema):
    case_team = Id(required=True)
    unit = Id(required=True)
    form = Id(required=True, metadata={"description": "A form of the charter."})
    case_reference = Text(
        1, 60, required=True, metadata={"description": "As the charter writes them; nothing else of the case."}
    )
    members = fields.List(Id(), required=True, validate=validate.Length(1, 50))
    roles = fields.List(
        Id(),
        required=True,
        validate=validate.Length(1, 50),
        metadata={"description": "Roles of the charter, beside `members`."},
    )
    lead = Id(load_default=None, allow_none=True, metadata={"description": "A member; null: the form has no lead."})
    named_by = Id(
        load_default=None, allow_none=True, metadata={"description": "Who named the lead, and holds the level for it."}
    )


class JoinCaseTeamSchema(ByPersonSchema):
    role = Id(required=True, metadata={"description": "A role of the charter."})


class HandOverCaseSchema(DatedSchema):
    giver = Id(required=True)
    receiver = Id(required=True)
    items = fields.List(
        Id(),
        required=True,
        validate=validate.Length(1, 30),
        metadata={"description": "What was handed over: items of the charter."},
    )


class ChangeLeadSchema(DatedSchema):
    """Without a handover to the new lead, `reason` says why."""

    lead = Id(required=True)
    named_by = Id(required=True, metadata={"description": "Who holds the level that names the lead."})


class ReachCaseStageSchema(DatedSchema):
    """To an earlier stage, `reason` says why."""

    stage = Id(required=True, metadata={"description": "A stage of the charter: the next one, or an earlier one."})


class OverlaySchema(DatedSchema):
    overlay = Id(required=True, metadata={"description": "A unit of another line. It gets no say in the case."})


class DeclareRecusalSchema(ByPersonSchema):
    ground = Id(required=True, metadata={"description": "A ground of the charter. It is sealed."})


class OrderRecusalSchema(DeclareRecusalSchema):
    by = Id(required=True, metadata={"description": "Who orders it, and holds a level for it."})


class RecordInterferenceSchema(ByPersonSchema):
    """`person` is with whom it was tried. What was wanted of the case is not recorded."""

    kind = Id(required=True, metadata={"description": "A kind of the charter."})
    who = Text(1, 200, required=True, metadata={"description": "Who tried it. It is sealed."})


class CaseTeamsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    person = Id(load_default=None, metadata={"description": "With this member on the day."})
    form = Id(load_default=None)
    case_reference = Text(1, 60, load_default=None, metadata={"description": "For this case."})
    state = fields.String(load_default=None, validate=validate.OneOf(("open", "dissolved")))
