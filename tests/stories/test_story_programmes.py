"""A year of the Four Ones: two are enrolled, one does all and one does not, and it closes with what has lapsed."""

from __future__ import annotations

from typing import Any

from tests.stories.demonstration import Organisation

ONES = "/v1/programmes/four_ones.DCP.2024"
DILIGENT, OTHER, LEAVING, HEAD = "P050", "P051", "P052", "P048"
ITEMS = ("mentor", "paper", "lecture", "model_case")


def complete(organisation: Organisation, item: str, person: str = DILIGENT, **more: Any) -> str:
    """Show that an item was done today; the id of that."""
    body = {"item": item, "person": person, "done_on": organisation.today, "evidence": ["材料"], **more}
    told = organisation.done(f"{ONES}/complete", body | {"effective": organisation.today})
    return str(told["events"][0]["data"]["completion"])


def look_at(organisation: Organisation, completion: str, verb: str = "verify") -> None:
    body = {"verifier": HEAD, "finding": "属实。", "effective": organisation.today}
    organisation.done(f"/v1/completions/{completion}/{verb}", body, role="leader")


def test_a_year_of_a_programme(organisation: Organisation):
    organisation.live("2024-01-08")
    adopt = {"template": "four_ones", "unit": "DCP", "period": "2024", "effective": organisation.today}
    organisation.done("/v1/programmes", adopt, role="supervisor")
    enrol = {"persons": [DILIGENT, OTHER, LEAVING], "effective": organisation.today}
    organisation.done(f"{ONES}/enrol", enrol)
    assert organisation.refused(f"{ONES}/enrol", enrol) == (422, "programme.enrolled")

    for month, item in zip(("03", "05", "09", "12"), ITEMS, strict=True):
        organisation.live(f"2024-{month}-20")
        done = complete(organisation, item)
        own = {"verifier": DILIGENT, "finding": "x", "effective": organisation.today}
        assert organisation.refused(f"/v1/completions/{done}/verify", own, role="leader") == (
            422,
            "completion.verifier",
        )
        if item == "paper":  # it comes back, and is written anew
            look_at(organisation, done, "return")
            done = complete(organisation, item)
            assert done.endswith(".paper.2")
            organisation.done(f"/v1/people/{LEAVING}/departure", {"effective": organisation.today})
        look_at(organisation, done)

    shown = organisation.look(ONES)
    assert (shown["total"]["done"], shown["total"]["owed"]) == (4, 8)  # who left in May counts no more
    within = organisation.look(f"{ONES}/matrix", within="G4")["rows"]
    assert [each["participation"]["person"] for each in within] == [DILIGENT, OTHER]
    rows = organisation.look(f"{ONES}/matrix")["rows"]
    states = {each["participation"]["person"]: each["participation"]["state"] for each in rows}
    assert states == {DILIGENT: "enrolled", OTHER: "enrolled", LEAVING: "withdrawn"}
    then = organisation.look(ONES, effective_on="2024-04-01")
    assert (then["total"]["done"], then["total"]["owed"]) == (1, 12)

    # What was done in December may be shown and verified in January, until it closes; what is done then is too late.
    organisation.live("2025-01-10")
    late = {"item": "paper", "person": OTHER, "done_on": "2025-01-08", "evidence": ["x"]}
    late["effective"] = organisation.today
    assert organisation.refused(f"{ONES}/complete", late) == (422, "programme.outside")
    look_at(organisation, complete(organisation, "paper", OTHER, done_on="2024-12-30"))
    complete(organisation, "lecture", OTHER, done_on="2024-12-30")  # nobody looks at it in time

    organisation.live("2025-01-20")
    closed = organisation.look(ONES)
    assert (closed["item"]["state"], closed["item"]["took_part"], closed["item"]["finished"]) == ("closed", 2, 1)
    rows = organisation.look(f"{ONES}/matrix")["rows"]
    lapsed = {row["participation"]["person"]: [cell["item"] for cell in row["cells"] if cell["lapsed"]] for row in rows}
    assert lapsed == {DILIGENT: [], OTHER: ["mentor", "lecture", "model_case"], LEAVING: []}
    (taken,) = organisation.look(f"/v1/people/{OTHER}/programmes")["taken"]
    assert (taken["row"]["participation"]["state"], taken["row"]["done"], taken["row"]["owed"]) == ("lapsed", 1, 4)
    waiting = organisation.look("/v1/completions", state="completed")["items"][0]["completion"]
    too_late = {"verifier": HEAD, "finding": "x", "effective": organisation.today}
    assert organisation.refused(f"/v1/completions/{waiting}/verify", too_late, role="leader") == (
        422,
        "programme.closed",
    )
    organisation.look_again()
