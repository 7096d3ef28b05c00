"""After a year and a half: the facts are what a replay gives at every moment, and every colour is what it had to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.demo.procuratorate.demonstration import stricter_rules
from projections.audit import faithfulness, reperformance, replayed
from projections.following import Following
from projections.generations import Generation
from projections.history import digest
from projections.models import MODELS
from projections.models.people import MODEL as PEOPLE
from projections.rebuild import rebuild
from tests.stories.demonstration import Organisation, founded, rows_of
from workflow.database import Database
from workflow.finding import Finding
from workflow.log import open_log

STEP = 50
READINGS, CORRECTIONS, WARNINGS = 8, 1, 5
"""As many decisions as `live_until_july` has; of each warning also the rung that it reached."""


def test_the_facts_are_at_every_moment_what_a_replay_gives(organisation: Organisation, tmp_path: Path):
    live_until_july(organisation)
    live, log = current(organisation), organisation.resonance.log
    positions = [*range(STEP, organisation.position, STEP), organisation.position]
    then = [digests(live, position) for position in positions]
    # A replay that stands at a position has not seen anything later; one that is over tells of it as of then.
    assert list(replayed_step_by_step(organisation, tmp_path / "again")) == then
    with replayed(log, MODELS, lambda _: None) as fresh:
        assert [digests(fresh.generation, position) for position in positions] == then
    # And so an audit says, also of every colour.
    assert faithfulness(organisation.resonance.settings.database, log, MODELS, lambda _: None) == Finding(
        True, len(MODELS)
    )
    assert reperformance(log) == Finding(True, READINGS + CORRECTIONS + 2 * WARNINGS)


def test_the_same_days_give_the_same_facts_on_either_database(tmp_path: Path, fresh_postgres_url: str):
    """But for the personal details, each sealed under a key and with a salt of its own: they are compared opened."""
    found = []
    for url, folder in ((f"sqlite:///{tmp_path}/log.sqlite", "sqlite"), (fresh_postgres_url, "postgresql")):
        with founded(url, tmp_path / folder) as organisation:
            live_until_july(organisation)
            people = organisation.seen("/v1/people", limit=200)
            facts = digests(current(organisation), organisation.position)
            found.append((facts | {PEOPLE.name: ""}, people))
    assert len(found[0][1]["items"]) == 103
    assert found[0] == found[1]


def live_until_july(at: Organisation) -> None:
    """Appointments, readings, a correction, a warning's loop and new rules; looked at now and then."""
    at.on("2025-01-02")
    at.imported("targets.csv", rows_of("targets.csv", indicator_id="I14", year="2025"))
    at.report("I14", "2025-01")
    at.look("/v1/chain/unit/G7")
    at.on("2025-03-01")
    at.imported("appointments.csv", rows_of("appointments.csv", effective="2025-03-01"))
    at.look("/v1/chain/unit/G7")
    for month in ("02", "03", "04"):
        at.report("I14", f"2025-{month}")
    answer(at, "acknowledge", "leader", person="P062", explanation="Two clues needed experts.")
    at.look("/v1/warnings", state="open")
    answer(at, "plan", "leader", person="P062", plan="One expert more.", due="2025-05-26")
    at.report("I06", "2025-05")
    at.look("/v1/scorecards/unit/G5")
    at.on("2025-06-16")
    correction = {"value": "91", "effective": at.today, "reason": "Counted as late, but verified in time."}
    at.done("/v1/readings/I14.G5.2025-04/correct", correction, second="assessor")
    at.rule(stricter_rules(), "2025-07-01", "Decided by the leading group.")
    answer(at, "report", "leader", person="P062", report="Verified.", evidence=["list of clues"])
    at.look("/v1/warnings/W.I14.G5.2025-04/explanation")
    answer(at, "close-out", "supervisor", checker="P006", finding="In order.", evidence=["ten clues, sampled"])
    at.done("/v1/people/P083/details", {"name": "Head of Unit 7"})
    at.report("I06", "2025-06")
    at.imported("appointments.csv", rows_of("appointments.csv", effective="2025-07-01"))
    at.report("I14", "2025-06")
    at.report("I06", "2025-07")


def answer(at: Organisation, act: str, role: str, **body: Any) -> None:
    at.done(f"/v1/warnings/W.I14.G5.2025-04/{act}", body | {"effective": at.today}, role=role)


def current(at: Organisation) -> Generation:
    """The facts that everybody reads, all of the log in them."""
    at.project()
    live = at.resonance.generations.current()
    assert live is not None
    return live


def digests(generation: Generation, position: int) -> dict[str, str]:
    """Of each read model, as it was known at a position."""
    with generation.engine.connect() as connection:
        return {model.name: digest(connection, model, position) for model in MODELS}


def replayed_step_by_step(organisation: Organisation, folder: Path) -> Iterator[dict[str, str]]:
    """The digests of a replay of the log into a database of its own, whenever it stands at the end of a step."""
    folder.mkdir()
    database = Database.parse(f"sqlite:///{folder}/log.sqlite")
    empty = open_log(database)
    empty.migrate()
    generation = rebuild(database, empty, MODELS).generation
    empty.close()
    following = Following(organisation.resonance.log, generation, MODELS, batch=STEP)
    try:
        while following.step():
            assert following.position is not None
            yield digests(generation, following.position)
    finally:
        following.close()
        generation.engine.dispose()
