"""Why a colour is what it is: the value, the rule and the limits that decided it, and the events that say so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from projections.facts import as_of
from projections.models.charters import CHARTER
from projections.models.indicators import INDICATOR, READING, TARGET
from projections.views import Moment, every, history, seen, shown
from projections.views.charters import Adoption
from projections.views.indicators import Count, Indicator, Reading, Target, count_of
from projections.views.warnings import Warning, acts, warning, warnings_of
from workflow.indicators.events import Definition
from workflow.periods import Period


class Decision(msgspec.Struct, kw_only=True):
    """A colour that was decided: of what was missing, or for the `value`, as reported, counted, or corrected. The event
    at `position` says by whom.

    `target` is the target to date, `attainment` a ratio. `rule`: missing, nothing_counted, limits, attainment, count or
    reference;
    `decided_by`: the limit of that rule which decided, e.g. `red <93`. One that was overridden, or no more, has the
    rule `override`, and is `decided_by` a person; its `colour` is the present one.
    """

    kind: Literal["missed", "reported", "counted", "corrected", "overridden", "lifted"]
    position: int
    effective: date
    value: Decimal | None
    target: Decimal | None
    attainment: Decimal | None
    colour: str
    rule: str
    decided_by: str


class Loop(msgspec.Struct, kw_only=True):
    """A warning as it stood after each act; the event at an act's `position` says by whom."""

    warning: str
    acts: list[Warning]


class Explanation(msgspec.Struct, kw_only=True):
    """All that the colour of a reading follows from; the last of `decisions` is the one that stands.

    All were made under one `charter`, by one `definition`, in force since `definition_from`. `set_target` is what was
    set for the unit instead of the definition's own target, None if nothing was. `count` is what was counted for it,
    None if it was reported.
    """

    reading: str
    indicator: str
    unit: str
    period: str
    due: date
    late: bool
    colour: str
    decisions: list[Decision]
    count: Count | None
    definition: Definition
    definition_from: date
    definition_position: int
    set_target: Target | None
    charter: Adoption
    warnings: list[Loop]


def explain_reading(connection: Connection, moment: Moment, id: str) -> Explanation | None:
    """Why the reading has its colour, as known at the moment. It does not depend on the moment's day."""
    known = history(connection, READING, moment, Reading, id)
    if not known:
        return None
    # What it was judged by was what was known when it was reported; of what is still missing, when that was noted.
    first, last = next((each for each in known if each.value is not None), known[0]), known[-1]
    decided = Moment(first.position, Period.parse(first.period).last_day)
    (indicator,) = every(connection, INDICATOR, decided, Indicator, INDICATOR.c.indicator == first.indicator)
    targets = every(
        connection,
        TARGET,
        decided,
        Target,
        TARGET.c.indicator == first.indicator,
        TARGET.c.unit == first.unit,
        TARGET.c.year == decided.effective_on.year,
    )
    count = count_of(connection, moment, id)
    query = seen(CHARTER, Adoption).where(CHARTER.c.version == first.charter, as_of(CHARTER, decided.position))
    return Explanation(
        reading=id,
        indicator=first.indicator,
        unit=first.unit,
        period=first.period,
        due=first.due,
        late=first.late,
        colour=last.present_colour,
        decisions=[_decision(before, after, count) for before, after in zip((None, *known), known, strict=False)],
        count=count,
        definition=indicator.definition,
        definition_from=indicator.since,
        definition_position=indicator.position,
        set_target=targets[0] if targets else None,
        charter=shown(connection.execute(query).one(), Adoption),
        warnings=[
            Loop(warning=each, acts=acts(connection, moment, each)) for each in warnings_of(connection, moment, id)
        ],
    )


def explain_warning(connection: Connection, moment: Moment, id: str) -> Explanation | None:
    """Why a warning was raised: the explanation of its reading."""
    known = warning(connection, moment, id)
    return explain_reading(connection, moment, known.reading) if known else None


def _decision(before: Reading | None, after: Reading, count: Count | None) -> Decision:
    """What the event decided that made `after` of `before`."""
    about: dict[str, Any] = {"position": after.position, "effective": after.since, "target": after.target}
    if after.missed != (before.missed if before else None):
        about |= {"value": None, "attainment": None, "colour": after.missed or "", "rule": "missing", "decided_by": ""}
        return Decision(kind="missed", **about)
    if before is not None and after.overridden_colour != before.overridden_colour:
        return Decision(
            kind="overridden" if after.overridden_colour else "lifted",
            value=after.value if after.corrected_value is None else after.corrected_value,
            attainment=after.attainment if after.corrected_value is None else after.corrected_attainment,
            colour=after.present_colour,
            rule="override",
            decided_by=after.overridden_by or "",
            **about,
        )
    if after.corrected_value is None:
        return Decision(
            kind="counted" if count is not None or after.rule == "nothing_counted" else "reported",
            value=after.value,
            attainment=after.attainment,
            colour=after.colour,
            rule=after.rule,
            decided_by=after.decided_by,
            **about,
        )
    return Decision(
        kind="corrected",
        value=after.corrected_value,
        attainment=after.corrected_attainment,
        colour=after.corrected_colour or "",
        rule=after.corrected_rule or "",
        decided_by=after.corrected_by or "",
        **about,
    )
