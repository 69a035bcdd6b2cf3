"""Gradio without the files for editors that it writes, in its own package, whenever it is imported."""

import inspect
from typing import Any


def import_gradio() -> None:
    """Import Gradio for the first time, in three quarters of the time.

    For each of its components Gradio reads its own source and writes a `.pyi` beside it, unless the class has no
    source file (gradio/component_meta.py); so it is told of its own classes.
    """
    known = inspect.getfile

    def getfile(thing: Any) -> str:
        if str(getattr(thing, "__module__", "")).startswith("gradio."):
            raise OSError("not needed")
        return known(thing)

    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        import gradio  # noqa: F401
    finally:
        inspect.getfile = known
