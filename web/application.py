"""The page as a web application."""

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse, Response

from web import api, metrics
from web.assets import ADDRESS, Assets
from web.gradio_compat.sessions import keep_sessions
from web.page import build_page
from web.security.accounts import Accounts
from web.security.authentication import AuthenticationMiddleware
from web.security.config import SecurityConfig
from web.security.request_limits import RequestLimitsMiddleware
from web.services.archive_service import ArchiveService, State

SYSTEM = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def build_app(service: ArchiveService, config: SecurityConfig | None = None) -> FastAPI:
    """The application over one desk, which is being opened; without rules, for one person at this machine.

    Accounts in the archive's folder count in any case.
    """
    config = config or SecurityConfig(Accounts.of(service.data))
    guards = [
        Middleware(RequestLimitsMiddleware, config.upload_limit),
        Middleware(AuthenticationMiddleware, config),
    ]
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, middleware=guards)
    theme = gr.themes.Base(font=SYSTEM, font_mono=MONO)
    _show_life(app, service)
    static = Assets()
    app.mount(ADDRESS, static)
    page = build_page(service, static)
    mounted: FastAPI = gr.mount_gradio_app(
        app, page, "/", theme=theme, head=static.head(), footer_links=[], run_history=False,
        show_error=False, ssr_mode=False, pwa=False, enable_monitoring=False, mcp_server=True,
        blocked_paths=[str(service.data.resolve())], max_file_size=config.upload_limit,
    )  # fmt: skip
    assert page.mcp_server_obj is not None  # asked for above
    page.mcp_server_obj.postprocess_output_data = api.as_contents  # type: ignore[method-assign, assignment]
    keep_sessions(page, mounted)
    service.open()  # last: what it imports would keep the page waiting
    return mounted


def _show_life(app: FastAPI, service: ArchiveService) -> None:
    """Signs of life for whoever watches over the server, and figures for admins."""

    @app.get("/health")
    def health() -> Response:
        return PlainTextResponse("alive")

    @app.get("/ready")
    def ready() -> Response:
        state = service.look_again()
        return JSONResponse({"archive": state.value}, 200 if state is State.READY else 503)

    @app.get("/metrics")
    def prometheus() -> Response:
        return Response(metrics.page(), media_type="text/plain; version=0.0.4")
