"""What is wrong with the case teams of a charter is said where it stands."""

from __future__ import annotations

import pytest

from workflow.charter import CharterError, parse, shipped

TEXT = shipped("procuratorate")


@pytest.mark.parametrize(
    ("old", "new", "key", "found"),
    [
        ('lead_role = "handler"', 'lead_role = "cook"', "case_teams.forms.case_team.lead_role", "cook"),
        ('lead_by = "chief"\n', "", "case_teams.forms.case_team.lead_role", "handler"),
        ('lead_by = "chief"', 'lead_by = "king"', "case_teams.forms.case_team.lead_by", "king"),
        ('{ role = "police", at_most = 4 }', '{ role = "cook" }', "case_teams.forms", "cook"),
        ('{ role = "police", at_most = 4 }', '{ role = "clerk" }', "case_teams.forms.case_team.members", "once"),
        ("at_least = 2, at_most = 7", "at_least = 2, at_most = 1", "at_most", "1"),
        ('id = "heard"', 'id = "decided"', "case_teams.stages", "decided"),
        ('classes = ["clerk"] }', 'classes = ["cook"] }', "case_teams.roles", "cook"),
        ('overlay_kinds = ["party_group"]', 'overlay_kinds = ["department"]', "case_teams.overlay_kinds", "department"),
        ('"deputy_in_charge", "chief"]\nbroken', '"organ_secretary"]\nbroken', "recusal_ordered_by", "organ_secretary"),
        ('"deputy_in_charge", "chief"]\nbroken', '"handler"]\nbroken', "case_teams.recusal_ordered_by", "handler"),
        ('lead_by = "chief"', 'lead_by = "group_leader"', "case_teams.forms", "group_leader"),
        ('broken_colour = "red"', 'broken_colour = "blue"', "case_teams.broken_colour", "blue"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(old: str, new: str, key: str, found: str):
    start = TEXT.index("[case_teams]")
    text = TEXT[:start] + TEXT[start:].replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(CharterError) as error:
        parse(text, "test")
    assert any(key in problem.key and found in str(problem) for problem in error.value.problems), str(error.value)


def test_a_charter_may_be_without_case_teams():
    start, end = TEXT.index("[case_teams]"), TEXT.index("# ---- what it is called ----")
    assert parse(TEXT[:start] + TEXT[end:], "test").case_teams is None


def test_what_is_linked_to_a_team_is_on_a_line_without_a_say_in_both_shipped_charters():
    for name in ("procuratorate", "hospital"):
        charter = parse(shipped(name), name)
        assert charter.case_teams is not None
        lines = {charter.unit_kind(kind).line for kind in charter.case_teams.overlay_kinds}
        levels = [*charter.case_teams.recusal_ordered_by, *(form.lead_by for form in charter.case_teams.forms)]
        assert lines.isdisjoint(charter.level(level).line for level in levels if level)
