"""The page as a web application."""

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, Response

from web import metrics
from web.assets import ADDRESS, Assets
from web.feed import add_feed
from web.gradio_compat.mcp import return_json
from web.gradio_compat.sessions import limit_sessions
from web.page import build_page
from web.security.accounts import Accounts
from web.security.authentication import AuthenticationMiddleware
from web.security.config import SecurityConfig
from web.security.request_limits import RequestLimitsMiddleware
from web.services.archive_service import ArchiveService, State
from web.services.own_file import OWN_FILE
from web.services.watch_store import WatchStore

SYSTEM = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def build_app(service: ArchiveService, config: SecurityConfig | None = None) -> FastAPI:
    """The application over an archive, which is opened meanwhile; without a config, for one person here.

    Accounts in the archive's folder count in any case.
    """
    config = config or SecurityConfig(Accounts.of(service.data))
    middleware = [
        Middleware(RequestLimitsMiddleware, config.max_upload_bytes),
        Middleware(AuthenticationMiddleware, config),
    ]
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, middleware=middleware)
    theme = gr.themes.Base(font=SYSTEM, font_mono=MONO)
    _add_probes(app, service)
    add_feed(app, service, WatchStore(service.data / OWN_FILE))
    static = Assets()
    app.mount(ADDRESS, static)
    page = build_page(service, static)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        "/",
        theme=theme,
        head=static.head(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        mcp_server=True,
        blocked_paths=[str(service.data.resolve())],
        max_file_size=config.max_upload_bytes,
    )
    return_json(page)
    limit_sessions(page, mounted)
    service.open()  # last: what it imports would keep the page waiting
    return mounted


def _add_probes(app: FastAPI, service: ArchiveService) -> None:
    """Whether the server lives and the archive can be asked, for supervisors; figures for admins."""

    @app.get("/health")
    def health() -> Response:
        return PlainTextResponse("alive")

    @app.get("/ready")
    def ready() -> Response:
        state = service.refresh_state()
        return JSONResponse({"archive": state.value}, 200 if state is State.READY else 503)

    @app.get("/metrics")
    def prometheus() -> Response:
        return Response(metrics.page(), media_type="text/plain; version=0.0.4")
