"""What is wrong with a charter is said once, precisely, and all at once."""

import hashlib

import pytest

from workflow.charter import CharterError, Problem, digest, load, parse, read_text
from workflow.charter.loader import MAX_BYTES

I07 = 'id = "I07"\n'
MINIMAL_ITEM = '[[lines]]\nid = "spare"\nwords = { zh = "备", en = "Spare" }\n\n'

ONE_KEY = [
    (
        'direction = "higher"',
        'direction = "hihger"',
        "indicators.I01.direction",
        '"hihger"',
        "higher, lower, reference",
    ),
    ("weight = 25", "weight = true", "indicators.I01.weight", "true", "number"),
    ("weight = 25", 'weight = "25"', "indicators.I01.weight", '"25"', "number"),
    ("weight = 25", "weight = nan", "indicators.I01.weight", "NaN", "number"),
    ("weight = 25", "weight = 1e99", "indicators.I01.weight", "1E+99", "below 10^12"),
    ("weight = 25", "weight = -1", "indicators.I01.weight", "-1", "0 or more"),
    ("weight = 25", "weigth = 25", "indicators.I01.weigth", "unknown key", "did you mean weight?"),
    ("weight = 25", "", "indicators.I01.weight", "nothing", "number"),
    ('set = "performance"', 'set = "perf"', "indicators.I01.set", '"perf"', "performance, common, overall"),
    ('measure = "percent"', 'measure = "pct"', "indicators.I01.measure", '"pct"', "did you mean percent?"),
    ('yellow = "<98"', 'yellow = "under 98"', "indicators.I01.yellow", '"under 98"', "comparator"),
    ('yellow = "<98"', "yellow = 98", "indicators.I01.yellow", "98", "comparator"),
    ('yellow = "<98"', 'yellow = ">98"', "indicators.I01.yellow", '">98"', "< or <="),
    ('yellow = "<98"', 'yellow = "<=98"', "indicators.I01.yellow", '"<=98"', "the target (98)"),
    ('red = "<93"', 'red = "<98"', "indicators.I01.red", '"<98"', "beyond yellow"),
    ('red = ">32"', 'red = ">27.5"', "indicators.I07.red", '">27.5"', "beyond yellow"),
    ('frequency = "monthly"', 'frequency = "daily"', "indicators.I01.frequency", '"daily"', "monthly, quarterly"),
    ('profile = "linear"', 'profile = "seasonal"', "indicators.I06.seasonal_weights", "0", "twelve"),
    ("count_rule = true", "count_rule = false", "indicators.I03.count_rule", "false", "target = 0"),
    ("target = 98", "", "indicators.I01.target", "nothing", "number"),
    ('mode = "reference_only"', 'mode = "scored"', "indicators.I08.mode", '"scored"', "reference_only"),
    ("low = 80", "low = 90", "indicators.I08.reference.high", "90", "more than low"),
    ('scope = { units = ["G1"] }', "scope = { }", "indicators.I01.scope.units", "neither", "one of the two"),
    ('scope = { units = ["G1"] }', 'scope = { units = ["G 1"] }', "indicators.I01.scope.units[0]", '"G 1"', "an id"),
    (
        'parents = ["branch"]',
        'parents = ["twig"]',
        "unit_kinds.party_group.parents[0]",
        '"twig"',
        "one of the unit_kinds",
    ),
    (
        'classes = ["prosecutor"]',
        'classes = ["judge"]',
        "post_kinds.chief.classes[0]",
        '"judge"',
        "prosecutor, assistant",
    ),
    ('by = "holder"', 'by = "head_of"', "chain.handler.unit_kind", "nothing", "unit_kinds"),
    (
        'leads = "party_group"',
        'leads = "partygroup"',
        "ex_officio.head_leads_group.leads",
        '"partygroup"',
        "party_group?",
    ),
    ("green = 0.95", "green = 0.75", "colour.attainment.yellow", "0.80", "less than green"),
    ("yellow_max = 1", "yellow_max = -1", "colour.count.yellow_max", "-1", "from 0 to"),
    (
        "red_from_working_day = 3",
        "red_from_working_day = 0",
        "colour.missing.red_from_working_day",
        "0",
        "from 1 to 366",
    ),
    ("plan_working_days = 3", "plan_working_days = 30", "warnings.red.fixed_working_days", "15", "at least plan"),
    ('by = "deputy_in_charge"', "", "warnings.ladder.red_twice.by", "nothing", "the level that holds the interview"),
    (
        'action = "supervision_notice"',
        'action = "supervision_notice"\nworking_days = 5',
        "warnings.ladder.yellow_twice.working_days",
        "5",
        "no interview",
    ),
    ("day = 5", "day = 31", "due.monthly.day", "31", "from 1 to 28"),
    ("at = 18:00:00", 'at = "18:00"', "due.weekly.at", '"18:00"', "local time"),
    ("extra_holidays = []", "extra_holidays = [2025-05-02T00:00:00]", "calendar.extra_holidays[0]", "2025", "a date"),
    ('country = "CN"', 'country = "China"', "calendar.country", '"China"', "ISO 3166-1"),
    ('"Asia/Shanghai"', '"Asia/Jinan"', "institution.timezone", '"Asia/Jinan"', "IANA"),
    ('languages = ["zh", "en"]', 'languages = ["zh", "zh"]', "institution.languages", "more than once", "each once"),
    ('en = "Business line"', 'en = " "', "lines.business.words.en", '" "', "not blank"),
    ('grid = { zh = "网格", en = "Grid" }', 'grid = "网格"', "vocabulary.grid", '"网格"', "a table"),
    ("[dates]", "[date]", "date", "unknown key", "did you mean dates?"),
    (
        '{ measure = "count", decimals = 0 }',
        '{ measure = "percent", decimals = 0 }',
        "plans.measures",
        "percent more than once",
        "each measure once",
    ),
    (
        '{ measure = "count", decimals = 0 }',
        '{ measure = "hours", decimals = 0 }',
        "plans.measures[1].measure",
        "hours",
        "measures",
    ),
    ('verifier = "head"', 'verifier = "anybody"', "plans.verifier", "anybody", "another_person"),
    (
        "committee_at_most = 5",
        "committee_at_most = 2",
        "unit_kinds.branch.composition.committee_at_most",
        "2",
        "at least 3",
    ),
]


@pytest.mark.parametrize(("old", "new", "key", "found", "wanted"), ONE_KEY)
def test_a_wrong_key_is_named_with_what_was_found_and_what_is_allowed(problems, old, new, key, found, wanted):
    about = [p for p in problems(old, new) if p.key == key]
    assert len(about) == 1
    assert found in about[0].found
    assert wanted in about[0].allowed


ONE_KEY += [
    ("reference = { low = 80, high = 90 }", "target = 85", "indicators.I08.reference", "nothing", "low and high"),
    ("reference = { low = 80, high = 90 }", "target = 85", "indicators.I08.target", "85", "nothing, because"),
    ("target = 95", "target = 0", "indicators.I02.target", "0", "more than 0"),
    ("extra_working_days = []", "extra_working_days = {}", "calendar.extra_working_days", "a table", "a list"),
    ("committee_from = 7\n", "", "unit_kinds.branch.composition.committee_from", "part of", "or none of them"),
    ("[vocabulary]", "[vocabulary]\nx = { id = 'y', zh = 'a', en = 'b' }", "vocabulary.x.id", "unknown", "the key is"),
    (
        "extra_working_days = []\nextra_holidays = []",
        "extra_working_days = [2025-05-02]\nextra_holidays = [2025-05-02]",
        "calendar.extra_holidays",
        "2025-05-02",
        "one of the two",
    ),
]

WHOLE = [
    ('id = "party"\n', 'id = "business"\n', "lines.business.id", "a second time"),
    (I07, 'id = "I06"\n', "indicators.I06.id", '"I06" a second time'),
    ("[[lines]]", MINIMAL_ITEM + "[[lines]]", "lines.spare", "no level of the chain"),
    (
        'words = { zh = "党组", en = "Leading group" }\n',
        'words = { zh = "党组", en = "Leading group" }\nparents = ["party_group"]\n',
        "unit_kinds.leading_group.parents",
        "a circle",
    ),
    ('rank = "deputy"', 'rank = "head"', "post_kinds.department_deputy.rank", "as department_head is for department"),
    (
        'membership_required = "branch"',
        'membership_required = "party_group"',
        "post_kinds.branch_secretary",
        "party_group",
    ),
    ('unit_kind = "branch"', 'unit_kind = "leading_group"', "chain.organ_secretary.unit_kind", '"organ_committee"'),
    (
        'unit_kind = "leading_group"\n\n[[ex',
        'unit_kind = "branch"\n\n[[ex',
        "chain.leading_group_secretary",
        '"branch"',
    ),
    ('post_kind = "group_leader"', 'post_kind = "handler"', "ex_officio.head_leads_group.post_kind", '"handler"'),
    ('[[roles]]\nid = "auditor"\nwords = { zh = "审计员", en = "Auditor" }\n', "", "roles", "no auditor"),
    ('id = "seconded"', 'id = "lent"', "appointment_kinds.lent.id", '"lent"'),
    (
        'after = 2\naction = "supervision',
        'after = 1\naction = "supervision',
        "warnings.ladder",
        "two rungs for 1 × yellow",
    ),
    ('id = "red_twice"', 'id = "red"', "warnings.ladder", "red more than once"),
]


@pytest.mark.parametrize(("old", "new", "key", "found"), WHOLE)
def test_items_that_do_not_fit_together_are_named(problems, old, new, key, found):
    assert any(p.key.startswith(key) and found in p.found for p in problems(old, new))


def test_all_problems_are_reported_at_once_each_with_its_line(problems, procuratorate):
    old = 'direction = "higher"\nprofile = "each"\nfrequency = "monthly"\nmode = "scored"\n'
    new = 'direction = "up"\nprofile = "flat"\nfrequency = "daily"\nmood = "scored"\n'
    found = problems(old, new)
    keys = ["mood", "direction", "profile", "frequency", "mode"]
    assert [p.key for p in found] == [f"indicators.I01.{key}" for key in keys]
    start = procuratorate[: procuratorate.index(old)].count("\n") + 1
    header = procuratorate[: procuratorate.index('id = "I01"')].count("\n")
    assert [p.line for p in found] == [start + 3, start, start + 1, start + 2, header]


def test_a_problem_reads_as_one_line_with_file_line_and_key():
    problem = Problem("c.toml", 12, "due.monthly.day", "31", "a whole number from 1 to 28")
    assert str(problem) == "c.toml:12: due.monthly.day: found 31; allowed: a whole number from 1 to 28"
    assert str(CharterError(problem, problem)) == f"{problem}\n{problem}"


def test_an_item_with_a_flaw_does_not_make_references_to_it_wrong(problems):
    found = problems('id = "performance"\nwords', 'id = "performance"\nword')
    assert {p.key for p in found} == {"indicator_sets.performance.word", "indicator_sets.performance.words"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = ",
        "a = 1\na = 2",
        "a = " + "[" * 5000,
        "a = " + "9" * 5000,
        "a = 0x" + "f" * 9000,
        "a = 1e99999999999999999999",
        "lines = 3\nchain = [1, {}]",
        "\ud800",
    ],
)
def test_a_text_that_is_no_charter_is_refused_whatever_it_is(text):
    with pytest.raises(CharterError) as refused:
        parse(text, "c.toml")
    assert refused.value.problems


def test_a_syntax_error_names_its_line():
    with pytest.raises(CharterError, match=r"^c\.toml:2: found a syntax error"):
        parse("a = 1\nb = = 2\n", "c.toml")


def test_a_charter_too_large_for_one_event_is_refused(procuratorate):
    with pytest.raises(CharterError, match=r"at most 58,000"):
        parse(procuratorate + "# " + "x" * MAX_BYTES, "c.toml")


def test_a_file_that_cannot_be_read_is_a_problem_of_the_charter(tmp_path):
    with pytest.raises(CharterError, match=r"absent\.toml: found no readable file"):
        load(tmp_path / "absent.toml")
    (tmp_path / "gb.toml").write_bytes("章程".encode("gb18030"))
    with pytest.raises(CharterError, match=r"gb\.toml: found bytes that are not UTF-8"):
        read_text(tmp_path / "gb.toml")


def test_the_digest_is_that_of_the_bytes_of_the_text():
    assert digest("章程") == "sha256:" + hashlib.sha256("章程".encode()).hexdigest()
    with pytest.raises(CharterError):
        digest("\ud800")
