"""`python -m bench [NAME…] [--quick]`: measure beside the peers, print, and write bench/RESULTS.md.

What was not measured this time keeps its section. `--quick` tries everything in small sizes and writes nothing.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.places import places

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = {
    "commands": "Commands: read the boundary, decide, append durably",
    "rebuild": "Rebuild: all read models from nothing",
    "queries": "Queries: as of any moment against current",
    "lag": "Lag: from the answer of a command to its facts",
    "evidence": "Evidence: the ledger, the audit's integrity, receipts",
}
PREFACE = """\
# Results

Written by `make bench` (`python -m bench [NAME…]`); figures are for ratios, on the machine named in each section.
Contenders take turns within each round. A figure is the median of the rounds, with the least and the greatest beside
it; a ratio is the median of each round's ratio, because noise comes and goes.
"""


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("part", nargs="*", metavar="NAME", help=", ".join(PARTS))
    asked.add_argument("--quick", action="store_true", help="small sizes, few rounds, nothing written")
    arguments = asked.parse_args()
    if unknown := set(arguments.part) - set(PARTS):
        asked.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that everything is cleaned up
    with places() as where:
        machine = [*where.describe(), _versions()]
        for name in arguments.part or PARTS:
            print(f"\n## {PARTS[name]}\n", flush=True)
            started = time.monotonic()
            found = importlib.import_module(f"bench.{name}").run(where, arguments.quick)
            print(found, flush=True)
            if not arguments.quick:
                told = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, in {time.monotonic() - started:,.0f} s"
                _write(PARTS[name], "\n".join([f"- {line}" for line in [told, *machine]]) + f"\n\n{found}\n")


def _versions() -> str:
    names = ("eventsourcing", "psycopg", "msgspec", "sqlalchemy")
    return ", ".join(f"{name} {version(name)}" for name in names)


def _write(heading: str, text: str) -> None:
    """Put a section into the results, in the place of the one that was there."""
    sections = {}
    if RESULTS.exists():
        _, *old = RESULTS.read_text("utf-8").split("\n## ")
        sections = dict(section.split("\n", 1) for section in old)
    sections[heading] = f"\n{text}"
    known = [title for title in PARTS.values() if title in sections]
    RESULTS.write_text(PREFACE + "".join(f"\n## {title}\n{sections[title].rstrip()}\n" for title in known), "utf-8")


if __name__ == "__main__":
    main()
