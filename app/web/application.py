"""The Flask application: blueprints by feature, languages, sign-in, security. Built by bootstrap from a Context."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Flask, send_from_directory
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from app.services.permissions import Action
from app.web import security, templating
from app.web.access import requires
from app.web.account.second import blueprint as account
from app.web.agreeing.api import blueprint as agreeing_api
from app.web.agreeing.routes import blueprint as agreeing
from app.web.assessments.routes import blueprint as assessments
from app.web.benchmarks.routes import blueprint as benchmarks
from app.web.comparing.routes import blueprint as comparing
from app.web.context import EXTENSION, Context, name_request
from app.web.drafting.routes import blueprint as drafting
from app.web.editing.api import blueprint as editing_api
from app.web.editing.routes import blueprint as editing
from app.web.engagements.routes import blueprint as engagements
from app.web.enrolling.routes import blueprint as enrolling
from app.web.errors import register_error_pages
from app.web.findings.routes import blueprint as findings
from app.web.finishing.routes import blueprint as finishing
from app.web.frameworks.routes import blueprint as frameworks
from app.web.health.routes import blueprint as health
from app.web.helping.routes import blueprint as helping
from app.web.home.routes import blueprint as home
from app.web.impact.routes import blueprint as impact
from app.web.interviews.api import blueprint as interviewing_api
from app.web.interviews.previous import blueprint as interviewing_previous
from app.web.interviews.routes import blueprint as interviewing
from app.web.interviews.suggested import blueprint as interviewing_suggested
from app.web.inviting.routes import blueprint as inviting
from app.web.jobs.routes import blueprint as jobs
from app.web.members.routes import blueprint as members
from app.web.new_content.routes import blueprint as new_content
from app.web.offline.routes import blueprint as offline
from app.web.planning.routes import blueprint as planning
from app.web.privacy.routes import blueprint as privacy
from app.web.questionnaires.revising import blueprint as questionnaire_drafts
from app.web.questionnaires.routes import blueprint as questionnaires
from app.web.releasing.routes import blueprint as releasing
from app.web.reports.routes import blueprint as reports
from app.web.responding.routes import blueprint as responding
from app.web.rewording.routes import blueprint as rewording
from app.web.rounds.routes import blueprint as rounds
from app.web.searching.routes import blueprint as searching
from app.web.self_assessing.routes import blueprint as self_assessing
from app.web.sheets.guides import blueprint as guides
from app.web.sheets.routes import blueprint as sheets
from app.web.signing.routes import blueprint as signing
from app.web.signing.using import find_actor
from app.web.single_sign_on.enrolling import blueprint as single_sign_on_enrolling
from app.web.single_sign_on.linking import blueprint as single_sign_on_linking
from app.web.single_sign_on.routes import blueprint as single_sign_on
from app.web.trail.routes import blueprint as trail
from app.web.translating.routes import blueprint as translating
from app.web.tree.becoming import blueprint as tree_becoming
from app.web.tree.nodes import blueprint as tree_nodes
from app.web.tree.routes import blueprint as tree
from app.web.tree.sheets import blueprint as tree_sheets
from app.web.tree.whole import blueprint as tree_whole
from app.web.trusting.routes import blueprint as trusting
from app.web.units.routes import blueprint as units
from app.web.upgrading.routes import blueprint as upgrading
from app.web.users.routes import blueprint as users
from app.web.verifying.routes import blueprint as verifying
from app.web.weights.routes import blueprint as weights

HIGHEST_NUMBER = 2**63 - 1  # of a row in any database


class Number(IntegerConverter):
    """The number of a row in an address: what no database can hold is no address of ours."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=HIGHEST_NUMBER)


BLUEPRINTS: Sequence[Blueprint] = (
    home,
    signing,
    account,
    inviting,
    members,
    single_sign_on,
    single_sign_on_linking,
    single_sign_on_enrolling,
    health,
    engagements,
    units,
    rounds,
    enrolling,
    frameworks,
    new_content,
    benchmarks,
    searching,
    helping,
    users,
    assessments,
    comparing,
    interviewing,
    interviewing_api,
    offline,
    trusting,
    finishing,
    releasing,
    verifying,
    trail,
    privacy,
    planning,
    interviewing_previous,
    interviewing_suggested,
    agreeing,
    agreeing_api,
    findings,
    sheets,
    guides,
    reports,
    rewording,
    drafting,
    impact,
    upgrading,
    jobs,
    self_assessing,
    questionnaires,
    questionnaire_drafts,
    translating,
    weights,
    responding,
    editing,
    editing_api,
    tree,
    tree_nodes,
    tree_becoming,
    tree_whole,
    tree_sheets,
)


def create_web(parts: Context) -> Flask:
    """Return the web application over these parts."""
    app = Flask("app.web", root_path=str(Path(__file__).parent), static_folder=None)
    app.static_folder = "static"
    app.url_map.converters["int"] = Number
    app.extensions[EXTENSION] = parts
    app.secret_key = parts.settings.secret_key
    hops = parts.settings.proxy_hops
    if hops:  # only then: whoever reaches the server directly could claim any address
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.undefined = StrictUndefined
    app.before_request(_name_request)
    security.protect(app, parts.settings)
    app.before_request(find_actor)
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static_file)
    security.version_static_files(app)
    templating.equip(app)
    register_error_pages(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


@requires(Action.ENTER)
def static_file(filename: str) -> Response:
    """Send a style sheet, script or image."""
    return send_from_directory(Path(__file__).parent / "static", filename)


def _name_request() -> None:
    name_request(secrets.token_hex(4))
