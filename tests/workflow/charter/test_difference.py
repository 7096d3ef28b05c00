"""What differs between two charters, by key and by the id of the item."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.charter import Change, difference, parse, shipped
from workflow.charter.measurement import Limit

TEXT = shipped("procuratorate")
OLD = parse(TEXT, "old")


def changed(*replacements: tuple[str, str]):
    text = TEXT
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return difference(OLD, parse(text, "new"))


def test_the_same_charter_written_otherwise_does_not_differ():
    assert changed(("# What each key", "# What any key"), ("weight = 25\n", "weight = 25.0\n")) == ()


def test_a_changed_key_is_found_by_the_id_of_its_item_wherever_that_stands():
    first = '[[measures]]\nid = "percent"\nwords = { zh = "%", en = "%" }\n'
    limits = changed(('red = ">32"', 'red = ">30"'), ("yellow = 0.80", "yellow = 0.85"))
    assert limits == (
        Change("colour.attainment.yellow", Decimal("0.80"), Decimal("0.85")),
        Change("indicators.I07.red", Limit(">", Decimal(32)), Limit(">", Decimal(30))),
    )
    assert [str(change) for change in limits] == [
        "colour.attainment.yellow: 0.80 → 0.85",
        "indicators.I07.red: >32 → >30",
    ]
    added = changed((first, '[[measures]]\nid = "hours"\nwords = { zh = "时", en = "h" }\n\n' + first))
    assert [(c.key, c.old, c.new.words.en) for c in added] == [("measures.hours", None, "h")]


def test_an_item_that_went_is_shown_whole():
    role_line = 'witness = { zh = "见证方", en = "Witness" }\n'
    (change,) = changed((role_line, ""))
    assert (change.key, change.new) == ("vocabulary.witness", None)
    assert str(change) == "vocabulary.witness: { id = witness, zh = 见证方, en = Witness } → nothing"


def test_another_order_of_the_levels_is_a_change():
    head = '[[indicator_sets]]\nid = "common"\nwords = { zh = "共性工作", en = "Common work" }\n'
    rest = '\n[[indicator_sets]]\nid = "overall"\nwords = { zh = "综合评价", en = "Overall rating" }\n'
    (change,) = changed((head + rest, rest[1:] + "\n" + head))
    assert change == Change(
        "indicator_sets", ("performance", "common", "overall"), ("performance", "overall", "common")
    )


def test_a_mode_that_changes_and_a_title_are_shown_in_the_order_of_the_model():
    keys = [c.key for c in changed(('mode = "scored"', 'mode = "warning_only"'), ('version = "1"', 'version = "2"'))]
    assert keys == ["charter.version", "indicators.I01.mode"]


@settings(deadline=None)  # two whole charters are read
@given(st.sampled_from(["procuratorate", "hospital"]), st.sampled_from(["procuratorate", "hospital"]))
def test_the_way_back_undoes_each_change(one, other):
    old, new = parse(shipped(one), one), parse(shipped(other), other)
    there, back = difference(old, new), difference(new, old)
    assert {(c.key, repr(c.old), repr(c.new)) for c in there} == {(c.key, repr(c.new), repr(c.old)) for c in back}
    assert (there == ()) == (old == new)
