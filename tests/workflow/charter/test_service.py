"""What a charter says of service and hearings must be sound."""

from __future__ import annotations

import pytest

from workflow.charter import CharterError, parse, shipped


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("hours_a_day = 12", "hours_a_day = 25", "at most 24"),
        ("hours_a_day = 12", "hours_a_day = 0", "more than 0"),
        ('{ id = "home", words = { zh = "居住地', '{ id = "host", words = { zh = "居住地', "host more than once"),
        ('{ unit = "B2", at_most = 4 }', '{ unit = "B1", at_most = 4 }', "B1 more than once"),
        ('unit_kinds = ["branch"]\nsize_at_most', 'unit_kinds = ["brunch"]\nsize_at_most', "unit_kinds"),
        ("satisfied_from = 4", "satisfied_from = 6", "at most best (5)"),
        ("bad_at_most = 2", "bad_at_most = 4", "less than satisfied_from (4)"),
        ('reference = "[A-Z]', 'reference = "([A-Z]', "unterminated"),
        ('[cases]\nreference = "[A-Z]{2,8}-[0-9]{4}-[0-9]{4}"\n', "", "where there are case_teams or hearings"),
        ('host_classes = ["prosecutor"]', 'host_classes = ["barrister"]', "personnel_classes"),
        ("notice_days = 3", "notice_days = -1", "a whole number from 0"),
    ],
)
def test_a_flaw_is_told(old: str, new: str, told: str):
    text = shipped("procuratorate")
    assert old in text
    with pytest.raises(CharterError) as raised:
        parse(text.replace(old, new, 1), "it")
    assert told in str(raised.value)


def test_somebody_may_be_the_host_of_a_hearing():
    text = shipped("hospital").replace('host_post_kinds = ["department_director"]\n', "")
    with pytest.raises(CharterError, match="host_classes or host_post_kinds"):
        parse(text, "it")


def test_a_charter_may_say_nothing_of_either():
    text = shipped("procuratorate")
    start, end = text.index("[service]"), text.index("[vocabulary]")
    charter = parse(text[:start] + text[end:], "it")
    assert (charter.service, charter.hearings) == (None, None)
