"""Events a second of a rebuild of all read models, beside the library's `ProjectionRunner` and bare decoding."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice

from bench.filling import filled
from bench.places import Place, Places
from bench.rounds import bound_by, median, paired, spread, table, take_turns
from bench.runner import follow
from projections import rebuild as projecting
from projections.applying import Applying
from projections.facts import At, Facts, ReadModel
from projections.generations import Generations
from projections.models import MODELS
from workflow.log import open_log
from workflow.slices import Event


def built(place: Place, anew: bool) -> tuple[float, float]:
    """Build all facts of a place; seconds on the wall, and of processor time in this process.

    `anew`: beside those that are there, compared with them, and switched; else they are removed first.
    """
    generations = Generations(place.database)
    if not anew:
        for generation in generations.all():
            generations.remove(generation)
    log = open_log(place.database)
    wall, processor = time.perf_counter(), time.process_time()
    done = projecting.rebuild(place.database, log, MODELS)
    taken = time.perf_counter() - wall, time.process_time() - processor
    log.close()
    if done.parked or not all(done.same.values()):
        raise AssertionError(f"parked: {done.parked}, same: {done.same}")
    return taken


def with_facts(place: Place) -> None:
    """Build the facts of a place, if there are none yet."""
    if Generations(place.database).current() is None:
        built(place, anew=False)


def _rates(events: int, taken: tuple[float, float]) -> dict[str, float]:
    wall, processor = taken
    return {"events/s": events / wall, "Python µs": processor / events * 1e6}


def _rebuild(place: Place, events: int, anew: bool) -> dict[str, float]:
    return _rates(events, built(place, anew))


def _read_and_decode(place: Place, events: int) -> dict[str, float]:
    """As a rebuild reads and decodes; handlers are called, and do nothing."""
    handlers = {event: _nothing for model in MODELS for event in model.handlers}
    idle = ReadModel("idle", version=1, tables=(), handlers=handlers)
    applying = Applying([idle], {"idle": Facts((), 0, lambda *_: [])})
    log = open_log(place.database)
    wall, processor = time.perf_counter(), time.process_time()
    for after in range(0, events, projecting.PAGE):
        applying.apply(log.select(after=after, limit=projecting.PAGE)[1])
    taken = time.perf_counter() - wall, time.process_time() - processor
    log.close()
    return _rates(events, taken)


def _nothing(facts: Facts, fact: Event, at: At) -> None:
    """What handling costs at least."""


def _runner(places: Places, source: Place, events: int) -> dict[str, float]:
    log = open_log(source.database)
    entries = list(islice(log.entries(), events))
    log.close()
    with places.open("postgresql") as place:
        return _rates(events, follow(place, entries))


def run(places: Places, quick: bool) -> str:
    events, followed, rounds = (20_000, 1_000, 1) if quick else (1_000_000, 20_000, 3)
    measures: dict[tuple[str, str], Callable[[], Mapping[str, float]]] = {}
    for kind in ("sqlite", "postgresql"):
        place = filled(places, kind, events)
        measures |= {
            (kind, "ours, first facts"): partial(_rebuild, place, events, False),
            (kind, "ours, beside, compared, switched"): partial(_rebuild, place, events, True),
            (kind, "read and decode only"): partial(_read_and_decode, place, events),
        }
    measures["postgresql", "library ProjectionRunner"] = partial(_runner, places, place, followed)
    results = take_turns(measures, rounds)
    rows = []
    for (kind, name), found in results.items():
        ours = results[kind, "ours, first facts"]
        ratio = "" if name.startswith("ours") else f"{paired(ours, found, 'events/s'):.2f}×"
        rate, python = median(found, "events/s"), median(found, "Python µs")
        figures = [f"{rate:,.0f}", spread(found, "events/s"), ratio, f"{python:.1f}", bound_by(rate, python, 0)]
        rows.append([f"{kind}: {name}", *figures])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{events:,} events; {len(MODELS)} read models, {sum(len(m.tables) for m in MODELS)} tables; "
        f"`ProjectionRunner` on the first {followed:,} of them, one upserted row an event. "
        f"µs are processor time per event in this process, which needed {peak:,.0f} MB at most; what is waiting has "
        "another process or the database write the rows.\n\n"
        + table(["", "events/s", "least–most", "ours is", "Python µs", "bound by"], rows)
    )
