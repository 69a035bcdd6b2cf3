"""The page as a web application."""

import gradio as gr
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from web.access import name_the_browser
from web.desk import Desk
from web.page import build_page
from web.parts import STATIC

SYSTEM = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
STYLES = ("base.css", "chat.css", "reader.css", "past.css", "filters.css", "archive.css")


def build_app(desk: Desk) -> FastAPI:
    """The application over one desk, which is being opened."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(name_the_browser)
    theme = gr.themes.Base(font=SYSTEM, font_mono=MONO)
    app.mount("/static/reftel", StaticFiles(directory=STATIC))
    desk.open()
    mounted: FastAPI = gr.mount_gradio_app(
        app, build_page(desk), "/", theme=theme, head=_head(), footer_links=[], run_history=False,
        show_error=True, ssr_mode=False, pwa=False, enable_monitoring=False, mcp_server=True,
    )  # fmt: skip
    return mounted


def _head() -> str:
    """Style sheets as links, each with the time of its last change so that browsers may keep it."""
    stamp = {name: int((STATIC / name).stat().st_mtime) for name in STYLES}
    return "".join(f'<link rel="stylesheet" href="/static/reftel/{name}?{stamp[name]}">' for name in STYLES)
