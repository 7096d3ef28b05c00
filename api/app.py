"""The application factory."""

from __future__ import annotations

from flask import Flask

from api import logs, metrics, wsgi
from api.openapi import Api
from api.resources.assessments import assessments
from api.resources.brands import brands
from api.resources.case_teams import case_teams
from api.resources.chain import chain
from api.resources.duties import duties
from api.resources.erasure import erasure
from api.resources.exports import exports
from api.resources.hearings import hearings
from api.resources.history import history
from api.resources.honours import honours
from api.resources.imports import imports
from api.resources.installation import installation, probes
from api.resources.ledger import ledger
from api.resources.measurement import measurement
from api.resources.mentoring import mentoring
from api.resources.organisation import organisation
from api.resources.people import people
from api.resources.plans import plans
from api.resources.programmes import programmes
from api.resources.service import service
from api.resources.status import status
from api.resources.study import study
from api.resources.supervision import supervision
from api.resources.visits import visits
from api.settings import Settings
from api.wiring import Resonance, bootstrap

BLUEPRINTS = (
    organisation,
    people,
    erasure,
    measurement,
    supervision,
    duties,
    plans,
    assessments,
    service,
    visits,
    hearings,
    study,
    mentoring,
    programmes,
    brands,
    honours,
    case_teams,
    chain,
    status,
    history,
    exports,
    ledger,
    imports,
    installation,
)


def create_app(settings: Settings | None = None, resonance: Resonance | None = None) -> Flask:
    """The HTTP interface of one installation: the one given, or the one that the settings (or the environment) name."""
    if resonance is None:
        settings = settings or Settings.read()
        resonance = bootstrap(settings)
    logs.configure(resonance.settings.env)
    app = Flask("api", static_url_path="/static")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["resonance"] = resonance
    metrics.register(app)
    wsgi.register(app)
    api = Api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.register_blueprint(probes)
    return app
