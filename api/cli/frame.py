"""What all commands share: the installation they work on, how they answer, and how they fail."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

import click
import msgspec
from gunicorn.app.base import BaseApplication
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api import logs
from api.imports import SheetError
from api.imports.commands import ImportRefused
from api.settings import PREFIX, BadSettings, Settings
from api.wiring import Resonance, bootstrap
from projections.lease import LeaseTaken
from projections.projector import OlderThanFacts
from projections.rebuild import LogBehindFacts
from workflow.charter import CharterError
from workflow.database import FAILURES, is_not_migrated, is_read_only
from workflow.entry import EntryTooLarge
from workflow.ledger.keeper import NotAsSigned
from workflow.ledger.signing import NoSigningKey
from workflow.slices import Refused
from workflow.writer import Conflict, RefusedTogether

NO, CANNOT = 1, 2
IN_THE_WAY = (
    BadSettings,
    CharterError,
    SheetError,
    EntryTooLarge,
    LeaseTaken,
    OlderThanFacts,
    LogBehindFacts,
    NotAsSigned,
    NoSigningKey,
    *FAILURES,
)


class Group(click.Group):
    """Turns what goes wrong into a sentence and an exit status; only our own mistakes show a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (Refused, RefusedTogether, ImportRefused, Conflict) as refused:
            say_no(_problems(refused))
        except (*IN_THE_WAY, OSError) as error:
            cannot(_problems(error))


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="resonance")
def group() -> None:
    """Resonance (同频): keeps an organisation's chain of responsibility.

    Settings are environment variables RESONANCE_*; see the README.
    """


as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")


def answer(content: Any, as_json: bool, text: str | Callable[[], str]) -> None:
    """Print an answer: for programs, or for people."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(content), indent=2).decode())
    else:
        click.echo(text if isinstance(text, str) else text())


def say_no(problems: list[str]) -> NoReturn:
    """The answer is no: a check failed or a rule refused."""
    _explain(problems)
    sys.exit(NO)


def cannot(problems: list[str]) -> NoReturn:
    """It could not be done."""
    _explain(problems)
    sys.exit(CANNOT)


def _explain(problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem, err=True)


def _problems(error: Exception) -> list[str]:
    match error:
        case BadSettings():
            return error.problems
        case CharterError():
            return [str(problem) for problem in error.problems]
        case ImportRefused():
            return [str(each) for each in error.errors]
        case RefusedTogether():
            return [f"{refused.code}: {refused.sentence}" for refused in error.refusals.values()]
        case Refused():
            return [f"{error.code}: {error.sentence}"]
        case SheetError() | EntryTooLarge() | Conflict():
            return [str(error)]
        case LeaseTaken():
            return [f"Not now: {error}."]
        case OlderThanFacts():
            return [f"{error}: this program is older than the facts."]
        case LogBehindFacts():
            return [f"The log ends before the facts do; was an older one put in its place? ({error})"]
        case NotAsSigned():
            return [f"The log is not the one that was signed; do not go on, but `resonance audit`. ({error})"]
        case NoSigningKey():
            return ["There is no key to sign with yet; `resonance keygen` makes one."]
        case _ if is_not_migrated(error):
            return ["The databases are not ready; run `resonance migrate` first."]
        case _ if is_read_only(error):
            return ["The database takes no writes, being a standby or read-only; do this where it does."]
        case _:
            return [f"{type(error).__name__}: {error}"]


def instant(text: str, otherwise: str = "no RFC 3339 instant") -> datetime:
    """The instant that an option names; `otherwise` says what any other text is not, or is."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        cannot([f"{text!r} is {otherwise}."])
    if found.tzinfo is None:
        cannot([f"{text!r} does not say in which time zone; write …Z or …+08:00."])
    return found


@contextmanager
def installation(**kwargs: Any) -> Iterator[Resonance]:
    """The installation that the settings name."""
    with bootstrap(settings(), **kwargs) as resonance:
        yield resonance


def settings(**changed: str) -> Settings:
    """What the environment says, but for what is `changed`; processes say of themselves what it wants them to say."""
    read = Settings.read(os.environ | {f"{PREFIX}{name}": value for name, value in changed.items()})
    logs.configure(read.env)
    return read


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, and nothing elsewhere; tell it how much is done, and of how much."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def until_told(run: Callable[[threading.Event], None]) -> None:
    """Run until the process is asked to stop."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(stop)


class _Gunicorn(BaseApplication):
    def __init__(self, application: Callable[[], Any], options: dict[str, Any]) -> None:
        self.application = application
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.application()


def gunicorn(application: Callable[[], Any], bind: str, workers: int) -> None:
    """Serve what `application` makes, in every worker anew, until the process is asked to stop."""
    # Without keep-alive no worker lies idle while another one holds all connections.
    options = {"bind": bind, "workers": workers, "worker_class": "gthread", "threads": 8, "keepalive": 0}
    _Gunicorn(application, options | {"control_socket_disable": True}).run()
