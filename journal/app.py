"""Putting the web together: one function, ``create_app``, and nothing that holds state between calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import flask
import flask_limiter
import flask_login
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from journal import clock
from journal.config import Config
from journal.domain import instrument_files
from journal.domain.access_limits import PATIENT_SESSION_LASTS
from journal.domain.moods import MOOD_WORDS
from journal.places import STATIC, TEMPLATES
from journal.services.installation import open_database
from journal.services.mail import Post
from journal.services.sms import texts_of
from journal.storage.database import Database
from journal.web import (
    compression,
    current,
    errors,
    filters,
    headers,
    help_panels,
    naming,
    offline,
    request_log,
    routes,
    safety_flags,
    speech,
    unlocking,
)
from journal.web.assets import assets_in, pdf_writer
from journal.web.environment import Environment
from journal.web.requests import Request


def create_app(
    config: Config,
    *,
    database: Database | None = None,
    now: Callable[[], datetime] = clock.now,
    logs_requests: bool = False,
) -> flask.Flask:
    """The web application. ``database`` and ``now`` may be handed in; else they come from ``config`` and the clock."""
    database = database or open_database(config)
    app = flask.Flask("journal", template_folder=str(TEMPLATES), static_folder=None)
    app.request_class = Request
    app.url_map.merge_slashes = False  # an address is written in one way, and no other leads on to it
    app.jinja_environment = Environment
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    speech.teach(app.jinja_env)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-journal" if config.is_https else "journal",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=PATIENT_SESSION_LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,  # a web session ends when its row says, however often it is used
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,  # a page may lie open on a phone for days
        WTF_CSRF_SSL_STRICT=True,
        TEMPLATES_AUTO_RELOAD=False,
    )
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    assets = assets_in(STATIC)
    app.extensions["assets"] = assets
    app.extensions["journal"] = current.Journal(
        config=config,
        database=database,
        clock=now,
        post=Post(config),
        pdf=pdf_writer(assets),
        texts=texts_of(config, database, clock=now),
    )

    if logs_requests:  # before whatever else looks at requests, so that a line tells of all of its request
        request_log.register(app)
    # Before the form guard, which reads the whole body: who may not come in sends nothing.
    app.before_request(headers.refuse_other_sites)
    app.before_request(speech.choose)
    app.before_request(
        help_panels.for_nobody
    )  # of strangers' forms it reads the one, a small one, that may need help
    app.before_request(current.admit)
    form_guard = CSRFProtect(app)
    # After it, because a form that has to wait for an unlock is kept only if it came from us.
    app.before_request(unlocking.guard)
    # Not init_app: it would look into the cookie after every answer for a way to sign in that is not offered here, and
    # an answer for which the cookie was looked at is another for every cookie, so no file would be kept for long.
    sign_in = app.login_manager = flask_login.LoginManager()  # type: ignore[attr-defined]
    sign_in.session_protection = (
        None  # phones change networks; the web session itself is checked on every request
    )
    sign_in.user_loader(current.load_visitor)
    limiter = flask_limiter.Limiter(
        get_remote_address,
        storage_uri="journal://",
        storage_options={"engine": database.engine},  # type: ignore[dict-item]
        strategy="fixed-window",
    )
    # The limits hang on their own views. What it would hang on an application looks for limits at every address, also
    # at those that have none, which took a third of the smallest answer; so that goes to one that nobody asks.
    limiter.init_app(flask.Flask("limits"))
    app.extensions["limiter"] = {limiter}  # the views only point at it

    filters.register(app)
    app.jinja_env.globals.update(
        asset=assets.url,
        mood_words=MOOD_WORDS,
        demo=config.demo,
        phone_here=offline.here,
        this_app=naming.here,
    )
    # Asked only by the layouts that show a name: the help page and the error pages must not need the database.
    app.context_processor(
        lambda: {
            "signed_in": LocalProxy(current.reader),
            "private": unlocking.private(),
            "flags_waiting": safety_flags.how_many,
        }
    )
    instrument_files.load_all()
    routes.register(app, limiter)
    for route in routes.ROUTES:
        if route.own_proof:
            form_guard.exempt(app.view_functions[route.endpoint])
    errors.register(app)
    app.after_request(compression.compress)  # what is registered last has its turn first: with the headers on
    app.after_request(lambda response: headers.add(response, https=config.is_https))
    app.teardown_request(current.close_look)
    routes.refuse_undeclared(app)
    return app
