"""What a charter says of plans and tasks: what may be planned, who verifies, and by when."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflow.charter.terms import Count, Days, MeasureRef

Verifier = Literal["head", "another_person"]


class PlanMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that targets may have, and to how many decimals a share of one is rounded."""

    measure: MeasureRef
    decimals: Annotated[int, Meta(ge=0, le=6)]


class PlanRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[plans]`: plans and their tasks.

    `verifier` says who verifies what was done, never who did or reported it: "head" is whoever heads the task's unit or
    one above it, or has one of them among the duties of a post; "another_person" anybody else. A task is yellow when
    it is not accepted within the working days for that, or so few are left until it is due, and red when it is overdue.
    A task can be extended to so many working days after the period of its plan, if it belongs to no other task. That of
    a person who left its unit is shared or reassigned within `leaver_working_days`, or is yellow.
    """

    verifier: Verifier
    acceptance_working_days: Days
    yellow_working_days: Count
    extension_working_days: Count
    leaver_working_days: Days = 5
    measures: Annotated[tuple[PlanMeasure, ...], Meta(min_length=1)]

    def decimals(self, measure: str) -> int | None:
        """To how many decimals shares of a measure are rounded; None for one that no target may have."""
        return next((each.decimals for each in self.measures if each.measure == measure), None)
