"""Metrics for Prometheus: requests, what came of commands, and how far the projections are behind."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from flask import Flask, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector


@dataclass
class Metrics:
    """The counters of one application; nothing in them names a person."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self.requests = Counter(
            "resonance_requests", "HTTP requests.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "resonance_request_seconds", "Seconds to answer.", ("method", "route"), registry=self.registry
        )
        self.commands = Counter(
            "resonance_commands", "Commands, by what came of them.", ("command", "outcome"), registry=self.registry
        )

    def exposed(self) -> bytes:
        """All counters, in the text format; those of several processes if PROMETHEUS_MULTIPROC_DIR is set."""
        registry = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        return generate_latest(registry)


def register(app: Flask) -> None:
    app.extensions["metrics"] = Metrics()


def metrics() -> Metrics:
    found: Metrics = current_app.extensions["metrics"]
    return found


def response(lines: bytes) -> Response:
    return Response(lines, content_type=CONTENT_TYPE_LATEST)
