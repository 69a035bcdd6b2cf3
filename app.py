"""The web chat's front door: reads the settings, builds the parts, serves the page."""

import logging
import sys
from functools import partial
from typing import TYPE_CHECKING

import settings

if TYPE_CHECKING:
    from web.desk import Desk

settings.offline()


def open_desk(chosen: settings.Settings) -> "Desk":
    """The desk over the archive that the settings name."""
    from qa.build import build_chain
    from vectorstore.archive import open_archive, open_to_ask
    from web.desk import Desk

    where = chosen.data, chosen.embedder
    build = partial(
        build_chain, model=chosen.model, model_url=chosen.model_url,
        model_key=chosen.model_key.get_secret_value(), model_timeout=chosen.model_timeout,
    )  # fmt: skip
    return Desk(
        chosen.data,
        partial(open_to_ask, *where),
        build,
        model=chosen.model,
        to_index=partial(open_archive, *where, chosen.vector_cache, chosen.vector_cache_gb),
    )


def main(chosen: settings.Settings | None = None) -> int:
    """Serve until interrupted, by `chosen` or by what the environment sets; the exit code."""
    import uvicorn

    from web.serve import build_app

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    chosen = chosen or settings.Settings()  # type: ignore[call-arg]  # every field has its default
    app = build_app(open_desk(chosen))
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(f"Reftel answers at http://{host}:{chosen.port}  (Ctrl+C ends it)", flush=True)  # noqa: T201 - a front door
    uvicorn.run(app, host=chosen.host, port=chosen.port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
