"""Qualities of units: each score, as given and as corrected."""

from __future__ import annotations

from projections.facts import At, Facts, FactTable, ReadModel, decimal, document, text
from workflow.qualities.events import QualityCorrected, QualityScored

SCORE = FactTable(
    "quality_score",
    key=[text("score")],
    columns=[
        text("unit"),
        text("period"),
        text("scorer"),
        document("points"),
        decimal("total"),
        decimal("as_scored"),
        text("words"),
        text("charter"),
    ],
    indexes=[["unit"], ["period"]],
)
"""`total` as it is corrected by now, `as_scored` as it was given; `words` say why it was corrected."""


def scored(facts: Facts, fact: QualityScored, at: At) -> None:
    facts.open(
        SCORE,
        fact.score,
        valid_from=fact.effective,
        unit=fact.unit,
        period=fact.period,
        scorer=fact.scorer,
        points=fact.points,
        total=fact.total,
        as_scored=fact.total,
        words="",
        charter=fact.charter,
    )


def corrected(facts: Facts, fact: QualityCorrected, at: At) -> None:
    changes = {"scorer": fact.scorer, "points": fact.points, "total": fact.total, "words": at.reason}
    facts.amend(SCORE, fact.score, effective=fact.effective, **changes)


MODEL = ReadModel("qualities", version=1, tables=[SCORE], handlers={QualityScored: scored, QualityCorrected: corrected})
