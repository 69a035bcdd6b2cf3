"""The web chat: reads the settings, builds the parts, serves the page."""

import logging
import sys
from functools import partial
from typing import TYPE_CHECKING

import settings

if TYPE_CHECKING:
    from qa.chain import Chain
    from qa.llm.models import ModelOptions
    from vectorstore.access import Clearance
    from vectorstore.archive import Archive
    from web.security.config import SecurityConfig
    from web.services.archive_service import ArchiveService

settings.offline()


def open_archive_service(chosen: settings.Settings, everyone: bool = False) -> "ArchiveService":
    """The archive that the settings name, opened in the background; `everyone` who asks chooses no model."""
    from qa.export.citation_style import CitationStyle
    from vectorstore.archive import open_archive, open_to_ask
    from web.services.archive_service import ArchiveService

    config = chosen.archive_config()

    def build(archive: "Archive", clearance: "Clearance", models: "ModelOptions | None" = None) -> "Chain":
        from qa.factory import build_chain  # LangChain, which the page can do without until it is up

        return build_chain(archive, clearance, chosen.models() if models is None else models)

    return ArchiveService(
        chosen.data,
        partial(open_to_ask, config),
        build,
        model=chosen.model,
        sends_to=chosen.models().remote_hosts,
        models_locked=chosen.model_locked or everyone,
        citation_style=CitationStyle(chosen.citation_style),
        open_for_indexing=partial(open_archive, config),
    )


def main(chosen: settings.Settings | None = None, *, everyone: bool = False) -> int:
    """Serve until interrupted, by `chosen` or by what the environment sets; the exit code.

    `everyone` serves everybody who reaches the port, without accounts.
    """
    from vectorstore.errors import UserError

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        _serve(chosen or settings.Settings(), everyone)  # type: ignore[call-arg]  # every field has its default
    except (UserError, OSError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - for the terminal
        return 1
    return 0


def _serve(chosen: settings.Settings, everyone: bool) -> None:
    import uvicorn

    from web.application import build_app
    from web.gradio_compat.http_protocol import HeadDeadlineProtocol
    from web.security import audit_log
    from web.services.own_file import PRIVATE

    config = security_config(chosen, everyone)
    audit_log.configure(chosen.data / PRIVATE if chosen.audit_log else None)
    app = build_app(open_archive_service(chosen, everyone), config)
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(f"Reftel answers at http://{host}:{chosen.port}  (Ctrl+C ends it)", flush=True)  # noqa: T201 - for the terminal
    uvicorn.run(
        app,
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        http=HeadDeadlineProtocol,
        ws="none",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=500,
        timeout_graceful_shutdown=10,
    )


def security_config(chosen: settings.Settings, everyone: bool) -> "SecurityConfig":
    """Who is let in and how. Raises AccountError where that is unsafe or cannot be read."""
    from web.security.accounts import AccountError, Accounts
    from web.security.config import SecurityConfig, host_name, is_loopback

    accounts = Accounts.of(chosen.data)
    config = SecurityConfig(
        accounts,
        allow_anyone=everyone,
        secret=chosen.secret.get_secret_value(),
        session_hours=chosen.session_hours,
        hosts=tuple(host_name(host) for host in (*chosen.hosts, chosen.host)),
        trusted_proxies=chosen.trusted_proxies,
        sign_in_header=chosen.sign_in_header,
        max_upload_bytes=chosen.upload_limit * 10**6,
    )
    if accounts.exist():
        accounts.all()
        config.signing_key()
    elif not is_loopback(chosen.host):
        if not everyone:
            raise AccountError(
                f"without accounts Reftel serves only this machine, not {chosen.host}: add accounts with "
                "`reftel users add NAME`, or say --open to let everybody in who reaches the port"
            )
        warning = f"Warning: all who reach port {chosen.port} see the whole archive and may add to it."
        print(warning, flush=True)  # noqa: T201 - for the terminal
    return config


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(
            "app.py takes no arguments: its settings are REFTEL_... and reftel.toml; or see `reftel serve --help`"
        )
    sys.exit(main())
