"""The files of the demonstration organisation: what is committed is what is generated, and it fits together."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from api.demo.organisations import DEMONSTRATIONS
from api.demo.procuratorate import measurements, organisation
from api.demo.procuratorate.demonstration import PROCURATORATE
from api.imports import TEMPLATES, Record, load, row_key
from workflow.charter import Charter, parse, shipped

FOLDER = PROCURATORATE.folder


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Record]]:
    """The records of the committed files by kind."""
    found: dict[str, list[Record]] = {kind: [] for kind in TEMPLATES}
    for file in PROCURATORATE.files:
        records, errors = load(FOLDER / file.name)
        assert errors == []
        for record in records:
            found[record.kind].append(record)
    return found


@pytest.fixture(scope="module")
def charter() -> Charter:
    return parse(shipped("procuratorate"), "procuratorate.toml")


def column(records: list[Record], field: str) -> list[object]:
    return [record.values[field] for record in records]


@pytest.mark.parametrize("charter", DEMONSTRATIONS)
def test_the_generator_makes_the_committed_files_and_all_are_imported(charter):
    demonstration = DEMONSTRATIONS[charter]
    for file in demonstration.files:
        generated, committed = file.content(), demonstration.folder / file.name
        assert load(generated, file.name) == load(committed)
        if file.name.endswith(".csv"):
            assert generated == committed.read_bytes()
    assert {path.name for path in demonstration.folder.iterdir()} == {file.name for file in demonstration.files}


def test_every_format_is_among_them():
    data = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert data["organisation.xlsx"].startswith(b"PK")
    assert data["roster.csv"].startswith(b"\xef\xbb\xbf")
    assert data["targets.csv"].decode("utf-8").startswith("指标编号")
    assert data["memberships.csv"].decode("gb18030").startswith("人员编号")
    with pytest.raises(UnicodeDecodeError):
        data["memberships.csv"].decode("utf-8")


def test_there_are_as_many_of_each_as_the_domain_says(rows):
    assert Counter(column(rows["roster"], "class")) == {
        "prosecutor": 38,
        "assistant": 24,
        "clerk": 19,
        "judicial_police": 9,
        "admin": 13,
    }
    assert len(set(column(rows["memberships"], "person"))) == len(rows["memberships"]) == 75
    members = Counter(column(rows["memberships"], "unit"))
    assert members == {"LG": 7, "PG1": 9, "PG2": 9, "PG3": 12, "PG4": 10, "PG5": 9, "PG6": 6, "PG7": 6, "PG8": 7}
    assert Counter(column(rows["units"], "kind")) == {
        "institution": 1,
        "department": 8,
        "leading_group": 1,
        "organ_committee": 1,
        "branch": 5,
        "party_group": 8,
    }
    staff = Counter(str(post.values["unit"]) for post in rows["posts"] if str(post.values["unit"]).startswith("G"))
    assert staff == {"G1": 12, "G2": 10, "G3": 18, "G4": 14, "G5": 13, "G6": 8, "G7": 9, "G8": 12}


def test_whatever_a_row_refers_to_is_there(rows):
    units, people, posts = (
        set(column(rows[kind], kind_id))
        for kind, kind_id in (("units", "unit"), ("roster", "person"), ("posts", "post"))
    )
    assert set(column(rows["units"], "parent")) - {None} < units
    for kind in ("posts", "memberships", "targets", "readings"):
        assert set(column(rows[kind], "unit")) <= units
    for kind in ("memberships", "appointments"):
        assert set(column(rows[kind], "person")) <= people
    assert set(column(rows["appointments"], "post")) <= posts
    assert set(column(rows["grids"], "department")) | set(column(rows["grids"], "group")) < units
    overseen = [unit for oversees in column(rows["posts"], "oversees") for unit in oversees]  # type: ignore[attr-defined] # ids
    assert sorted(overseen) == sorted(department.id for department in organisation.DEPARTMENTS)


def test_each_row_is_there_once(rows):
    for kind, records in rows.items():
        assert len({row_key(kind, record) for record in records}) == len(records)
        assert records or kind == "honours"  # those come by other ways
    names = column(rows["readings"], "indicator"), column(rows["readings"], "unit"), column(rows["readings"], "period")
    assert len(set(zip(*names, strict=True))) == len(rows["readings"])


def test_nobody_holds_two_substantive_posts_and_no_post_has_two_holders_on_one_day(rows):
    terms: dict[tuple[object, object], list[tuple[object, object]]] = {}
    for appointment in column_wise(rows["appointments"]):
        until = appointment["until"] or "…"
        terms.setdefault(("post", appointment["post"]), []).append((str(appointment["effective"]), str(until)))
        if appointment["kind"] == "substantive":
            terms.setdefault(("person", appointment["person"]), []).append((str(appointment["effective"]), str(until)))
    for held in terms.values():
        held.sort(key=str)
        assert all(str(earlier[1]) <= str(later[0]) for earlier, later in pairwise(held))


def column_wise(records: list[Record]):
    return [dict(record.values) for record in records]


def test_every_party_post_is_held_by_a_member(rows):
    members = set(column(rows["memberships"], "person"))
    party = {p.values["post"] for p in rows["posts"] if not str(p.values["unit"]).startswith(("G", "DCP"))}
    holders = {a.values["person"] for a in rows["appointments"] if a.values["post"] in party}
    assert holders <= members


def test_story_a_the_head_of_g6_is_no_member_and_the_deputy_acts(rows):
    holders = {a["post"]: a for a in column_wise(rows["appointments"])}
    members = {m["person"]: m["unit"] for m in column_wise(rows["memberships"])}
    heads = [holders[f"{d.id}-HEAD"]["person"] for d in organisation.DEPARTMENTS]
    assert [head in members for head in heads] == [True] * 5 + [False] + [True] * 2
    assert holders["PG6-LEAD"]["kind"] == "acting"
    assert members[holders["PG6-LEAD"]["person"]] == "PG6"


def test_story_b_the_head_of_g7_leaves_the_deputy_acts_and_she_returns(rows):
    terms = [a for a in column_wise(rows["appointments"]) if a["post"] == "G7-HEAD"]
    assert [(a["kind"], str(a["effective"]), str(a["until"])) for a in terms] == [
        ("substantive", "2024-01-01", "2025-03-01"),
        ("acting", "2025-03-01", "2025-07-01"),
        ("substantive", "2025-07-01", "None"),
    ]
    assert terms[0]["person"] == terms[2]["person"] != terms[1]["person"]


def reading(rows: dict[str, list[Record]], indicator: str, unit: str, period: str) -> object:
    return next(
        (
            record.values["value"]
            for record in rows["readings"]
            if (record.values["indicator"], record.values["unit"], record.values["period"]) == (indicator, unit, period)
        ),
        None,
    )


def test_stories_e_f_and_g_have_the_readings_they_need(rows):
    wrong = measurements.CORRECTION
    assert reading(rows, wrong.indicator, wrong.unit, wrong.period) == Decimal(78)
    assert wrong.value == Decimal(91)
    red = [reading(rows, "I07", "G3", f"2025-{month:02d}") for month in range(2, 6)]
    assert [Decimal(str(value)) > 32 for value in red] == [False, True, True, False]
    june, july = reading(rows, "I06", "G2", "2025-06"), reading(rows, "I06", "G2", "2025-07")
    assert Decimal("0.80") < Decimal(str(june)) / 24 < Decimal("0.85")
    assert Decimal("0.80") < Decimal(str(july)) / 28 < Decimal("0.85")


def test_a_few_readings_are_missing_and_the_rest_is_complete(rows):
    assert all(reading(rows, *key) is None for key in measurements.MISSING)
    expected = 2 * (21 * 12 + 4 * 4 + 8 * 2 * 4) - len(measurements.MISSING)
    assert len(rows["readings"]) == expected


def test_counts_to_date_never_fall(rows):
    for pace in measurements.PACES:
        for year in measurements.YEARS:
            counts = [
                Decimal(str(reading(rows, pace.indicator, f"G{pace.department}", f"{year}-{m:02d}")))
                for m in range(1, 13)
            ]
            assert counts == sorted(counts)


def test_readings_are_reported_after_their_period_on_a_weekday_and_in_order(rows):
    for record in column_wise(rows["readings"]):
        period, part = str(record["period"]).split("-")
        last_month = int(part[1:]) * 3 if part.startswith("Q") else int(part)
        assert f"{record['reported_on']:%Y-%m}" > f"{period}-{last_month:02d}"
        assert record["reported_on"].weekday() < 5
    for year in measurements.YEARS:
        days = [row["reported_on"] for row in measurements.readings(year)]
        assert days == sorted(days)


def test_the_files_speak_the_words_of_the_shipped_charter(rows, charter):
    for kind, field, known in (
        ("units", "kind", charter.unit_kinds),
        ("posts", "kind", charter.post_kinds),
        ("roster", "class", charter.personnel_classes),
        ("memberships", "kind", charter.membership_kinds),
        ("appointments", "kind", charter.appointment_kinds),
        ("readings", "indicator", charter.indicators),
    ):
        assert set(column(rows[kind], field)) <= {thing.id for thing in known}, (kind, field)


def test_every_indicator_of_the_charter_is_measured_as_often_and_by_whom_it_says(rows, charter):
    kinds = {unit["unit"]: unit["kind"] for unit in column_wise(rows["units"])}
    measured = {(record["indicator"], record["unit"]) for record in column_wise(rows["readings"])}
    reported = [indicator for indicator in charter.indicators if indicator.counts is None]
    scopes = {(i.id, unit) for i in reported for unit, kind in kinds.items() if i.scope.covers(unit, kind)}
    assert measured == scopes
    assert {i.id for i in charter.indicators if i.counts is not None} == set(measurements.COUNTED)
    for record in column_wise(rows["readings"]):
        quarterly = charter.indicator(record["indicator"]).frequency == "quarterly"
        assert ("Q" in record["period"]) == quarterly, record


def test_targets_are_those_of_the_charter_for_every_unit_and_year(rows, charter):
    targets = {(t["indicator"], t["unit"], t["year"]): t["target"] for t in column_wise(rows["targets"])}
    for (indicator, _, _), target in targets.items():
        assert target == charter.indicator(indicator).target, indicator
    measured = {(r["indicator"], r["unit"]) for r in column_wise(rows["readings"]) if r["indicator"] != "I08"}
    measured |= {(indicator, each.id) for indicator in measurements.COUNTED for each in organisation.DEPARTMENTS}
    assert set(targets) == {(*who, year) for who in measured for year in measurements.YEARS}
