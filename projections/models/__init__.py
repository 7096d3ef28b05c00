"""The read models: what is known, by subject. Each module declares its tables and handlers."""

from __future__ import annotations

from collections.abc import Sequence

from projections.facts import ReadModel
from projections.models import (
    assessments,
    brands,
    case_teams,
    charters,
    cycles,
    duties,
    erasure,
    hearings,
    honours,
    indicators,
    mentoring,
    needs,
    people,
    plans,
    programmes,
    qualities,
    reports,
    responsibility,
    service,
    study,
    visits,
    warnings,
)

MODELS: Sequence[ReadModel] = (
    charters.MODEL,
    responsibility.MODEL,
    people.MODEL,
    erasure.MODEL,
    indicators.MODEL,
    warnings.MODEL,
    plans.MODEL,
    duties.MODEL,
    reports.MODEL,
    cycles.MODEL,
    assessments.MODEL,
    service.MODEL,
    visits.MODEL,
    needs.MODEL,
    hearings.MODEL,
    study.MODEL,
    mentoring.MODEL,
    programmes.MODEL,
    brands.MODEL,
    qualities.MODEL,
    honours.MODEL,
    case_teams.MODEL,
)
