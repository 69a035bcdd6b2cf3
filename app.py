"""The web chat's front door: reads the settings, builds the parts, serves the page."""

import logging
import sys
from functools import partial
from typing import TYPE_CHECKING

import settings

if TYPE_CHECKING:
    from qa.chain import Chain
    from vectorstore.access import Clearance
    from vectorstore.archive import Archive
    from web.services.archive_service import ArchiveService

settings.offline()


def open_archive_service(chosen: settings.Settings) -> "ArchiveService":
    """The desk over the archive that the settings name."""
    from vectorstore.archive import open_archive, open_to_ask
    from web.services.archive_service import ArchiveService

    config = chosen.archive_config()

    def build(archive: "Archive", clearance: "Clearance") -> "Chain":
        from qa.factory import build_chain  # LangChain, which the page can do without until it is up

        return build_chain(
            archive, clearance, model=chosen.model, model_url=chosen.model_url,
            model_key=chosen.model_key.get_secret_value(), model_timeout=chosen.model_timeout,
            nli=chosen.nli,
        )  # fmt: skip

    return ArchiveService(
        chosen.data,
        partial(open_to_ask, config),
        build,
        model=chosen.model,
        to_index=partial(open_archive, config),
    )


def main(chosen: settings.Settings | None = None, *, everyone: bool = False) -> int:
    """Serve until interrupted, by `chosen` or by what the environment sets; the exit code.

    `everyone` serves without accounts whoever reaches the port.
    """
    import uvicorn

    from web.gradio_compat.stubs import import_gradio
    from web.security import audit_log

    import_gradio()
    from web.application import build_app
    from web.gradio_compat.http_protocol import ImpatientHttpProtocol
    from web.security.accounts import PRIVATE, AccountError, Accounts
    from web.security.config import SecurityConfig, is_loopback

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    chosen = chosen or settings.Settings()  # type: ignore[call-arg]  # every field has its default
    accounts = Accounts.of(chosen.data)
    config = SecurityConfig(
        accounts, open=everyone, secret=chosen.secret.get_secret_value(), hours=chosen.session_hours,
        trusted=chosen.trusted_proxies, header=chosen.sign_in_header,
        upload_limit=chosen.upload_limit * 10**6,
    )  # fmt: skip
    try:
        closed = accounts.any()
        if closed:
            config.signing_key()
    except AccountError as problem:
        return _refuse(str(problem))
    if not closed and not is_loopback(chosen.host):
        if not everyone:
            return _refuse(
                f"without accounts Reftel serves only this machine, not {chosen.host}: add accounts with "
                "`reftel users add NAME`, or say --open to let everybody in who reaches the port"
            )
        warning = f"Warning: whoever reaches port {chosen.port} sees the whole archive and may add to it."
        print(warning, flush=True)  # noqa: T201 - a front door
    audit_log.keep(chosen.data / PRIVATE / "journal.jsonl" if chosen.journal and closed else None)
    app = build_app(open_archive_service(chosen), config)
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(f"Reftel answers at http://{host}:{chosen.port}  (Ctrl+C ends it)", flush=True)  # noqa: T201 - a front door
    uvicorn.run(
        app, host=chosen.host, port=chosen.port, log_level="warning", http=ImpatientHttpProtocol, ws="none",
        server_header=False, proxy_headers=False, limit_concurrency=500, timeout_graceful_shutdown=10,
    )  # fmt: skip
    return 0


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)  # noqa: T201 - a front door
    return 1


if __name__ == "__main__":
    sys.exit(main())
