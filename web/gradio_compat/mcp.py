"""Results of the MCP tools as JSON.

Seen in Gradio 6.31: `GradioMCPServer.postprocess_output_data` writes what a tool returns as Python would, and no
setting changes that.
"""

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr
from mcp.types import TextContent


def return_json(page: gr.Blocks) -> None:
    """Let the MCP server of a page that is mounted return JSON."""
    assert page.mcp_server_obj is not None  # asked for when the page was mounted
    page.mcp_server_obj.postprocess_output_data = as_contents  # type: ignore[method-assign, assignment]


def as_contents(outputs: Sequence[Any], root_url: str) -> list[TextContent]:
    """What a tool returned, as MCP shows it."""
    return [TextContent(type="text", text=json.dumps(output, ensure_ascii=False)) for output in outputs]
