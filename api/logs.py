"""What the processes say of themselves: JSON lines in production, text for a person at a terminal; on standard error,
for standard output is for answers. Never personal data: a traceback shows where, and no values."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def configure(env: str) -> None:
    """Say everything as JSON in production; else only warnings and errors, as text."""
    production = env == "production"
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    as_json: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    as_text: list[Any] = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=shared + (as_json if production else as_text),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if production else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
