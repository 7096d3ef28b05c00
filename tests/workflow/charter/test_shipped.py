"""Both shipped charters, as rules will ask them."""

from datetime import time
from decimal import Decimal

import pytest

from workflow.charter import SHIPPED, load, parse, shipped
from workflow.charter.measurement import Limit
from workflow.ids import UnitId

EXPECTED = """
I01 G1 98 25 <98 <93|I02 G1 95 20 <95 <85|I03 G1 0 15 - >=1|I04 G2 100 25 <95 <80|I05 G2 98 20 <98 <92
I06 G2 48 15 - -|I07 G3 25 20 >28 >32|I08 G3 - 0 - -|I09 G3 90 20 <90 <80|I10 G3 3 20 >3 >6
I11 G4 100 25 <100 <98|I12 G4 24 15 - -|I13 G4 20 20 - -|I14 G5 95 20 <95 <85|I15 G5 95 20 <95 <88|I16 G5 100 20 <95 <80
I17 G6 100 20 <100 <95|I18 G6 36 20 - -|I19 G6 95 20 <95 <85|I20 G7 100 25 <100 <97|I21 G7 100 20 <100 <97
I22 G7 85 15 <85 <75|I23 G8 99 20 <99 <95|I24 G8 2 20 >2 >5|I25 G8 10 20 <10 <8
C1 - 100 8 <100 <90|C2 - 100 6 <100 <90|C3 - 92 5 <92 <80|C4 - 4 4 <4 <2
C5 - 100 3 <95 <80|C6 - 0 4 - >=1|E1 - 10 10 <8 <6
"""
"""The table of the domain's chapter 3: indicator, department, target, weight, yellow, red."""


@pytest.fixture
def charter(procuratorate):
    return parse(procuratorate, "procuratorate.toml")


def test_the_procuratorate_has_every_indicator_of_the_domain_with_its_target_weight_and_limits(charter):
    def row(indicator) -> str:
        fields = (*indicator.scope.units[:1], indicator.target, indicator.weight, indicator.yellow, indicator.red)
        if not indicator.scope.units:
            fields = (None, *fields)
        return " ".join([indicator.id, *("-" if field is None else str(field) for field in fields)])

    assert [row(i) for i in charter.indicators] == EXPECTED.strip().replace("\n", "|").split("|")


def test_each_department_is_measured_by_sixty_points_of_performance_thirty_of_common_work_and_ten_overall(charter):
    for unit in (f"G{n}" for n in range(1, 9)):
        weights = dict.fromkeys(("performance", "common", "overall"), Decimal(0))
        for indicator in charter.indicators_for(UnitId(unit), "department"):
            weights[indicator.set] += indicator.weight
        assert weights == {"performance": 60, "common": 30, "overall": 10}


def test_colours_follow_from_limits_counts_or_attainment_or_not_at_all(charter):
    decided = {id: charter.indicator(id).colour_by for id in ("I01", "I03", "I06", "I08")}
    assert decided == {"I01": "limits", "I03": "limits", "I06": "attainment", "I08": "nothing"}
    hospital = parse(shipped("hospital"), "hospital.toml")
    assert hospital.indicator("Q03").colour_by == "count"


def test_thresholds_are_exact_decimals(charter):
    assert (str(charter.colour.attainment.green), str(charter.colour.attainment.yellow)) == ("0.95", "0.80")
    assert charter.indicator("I07").red == Limit(">", Decimal(32))
    assert isinstance(charter.indicator("I07").target, Decimal)


@pytest.mark.parametrize(
    ("limit", "reached", "spared"),
    [("<", "97.9", "98"), ("<=", "98", "98.1"), (">", "98.1", "98"), (">=", "98", "97.9")],
)
def test_a_limit_is_reached_on_its_own_side(limit, reached, spared):
    assert Limit(limit, Decimal(98)).reached_by(Decimal(reached))
    assert not Limit(limit, Decimal(98)).reached_by(Decimal(spared))


def test_each_line_has_its_levels_from_bottom_to_top(charter):
    business = [level.id for level in charter.levels("business")]
    party = [level.id for level in charter.levels("party")]
    assert business == ["handler", "department_head", "deputy_in_charge", "chief"]
    assert party == ["group_leader", "branch_secretary", "organ_secretary", "leading_group_secretary"]


def test_the_head_of_a_department_leads_the_party_group_bound_to_it_if_a_member(charter):
    rule = charter.ex_officio_rule("department", "party_group")
    assert (rule.post_kind, rule.requires_membership, rule.at_most) == ("group_leader", True, 1)
    assert charter.ex_officio_rule("party_group", "department") is None
    assert charter.head_of("party_group").id == "group_leader"
    assert [post.id for post in charter.overseers()] == ["deputy_chief"]


def test_the_closed_loop_and_the_due_dates_are_those_of_the_domain(charter):
    loop = charter.warnings
    assert (loop.yellow.explanation_working_days, loop.red.plan_working_days, loop.red.fixed_working_days) == (5, 3, 15)
    assert (loop.extension.at_most, loop.extension.working_days, loop.checker) == (1, 10, "outside_department")
    assert (charter.due.weekly.weekday, charter.due.weekly.at) == ("monday", time(18))
    assert (charter.due.monthly.day, charter.due.quarterly.day) == (5, 10)
    assert (charter.due.yearly.month, charter.due.yearly.day) == (1, 15)
    assert charter.dates.backdating_working_days == 5
    assert (charter.colour.missing.yellow_from_working_day, charter.colour.missing.red_from_working_day) == (1, 3)


def test_the_hospital_knows_nothing_of_parties_and_procuratorates(hospital):
    text = hospital.lower()
    assert not any(word in text for word in ("party", "procurat", "prosecut", "党", "检察", "branch"))
    charter = parse(hospital, "hospital.toml")
    assert [line.id for line in charter.lines] == ["clinical", "quality"]
    assert {i.profile for i in charter.indicators} == {"each", "linear", "quarterly", "seasonal"}


def test_the_words_are_those_of_the_organisation(charter):
    assert (charter.term("close_out").zh, charter.term("grid").zh) == ("销号", "网格")
    assert parse(shipped("hospital"), "hospital.toml").term("warning").en == "Quality alert"


@pytest.mark.parametrize(
    "lookup",
    [
        *("line", "unit_kind", "personnel_class", "membership_kind", "post_kind", "appointment_kind", "level"),
        *("measure", "indicator_set", "indicator", "role", "term", "levels", "head_of", "indicators_in"),
    ],
)
def test_asking_for_what_the_charter_does_not_have_names_the_key(charter, lookup):
    with pytest.raises(KeyError, match=r"\.nonsense"):
        getattr(charter, lookup)("nonsense")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_charter_fits_well_into_one_event_and_reads_the_same_from_a_file(name, tmp_path):
    text = shipped(name)
    assert len(text.encode()) < 55_000
    (tmp_path / "c.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(tmp_path / "c.toml") == parse(text, name)


def test_a_charter_is_immutable_and_hashable(charter):
    with pytest.raises(AttributeError):
        charter.chain = ()
    assert {charter: 1}[parse(shipped("procuratorate"), "again")] == 1


def test_no_other_charter_is_shipped():
    with pytest.raises(KeyError, match="school"):
        shipped("school")
