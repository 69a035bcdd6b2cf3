"""Every setting: from REFTEL_* variables, a .env file or reftel.toml, in that order of precedence.

Only app.py and cli/ read settings; they hand them down as plain arguments.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

if TYPE_CHECKING:
    from qa.llm.models import ModelOptions
    from vectorstore.archive import ArchiveConfig

_SECRET_LINE_RE = re.compile(
    r"^\s*(?:REFTEL_)?(?:MODEL_KEY|CHECK_KEY|SECRET|CHROMA_TOKEN|WORDS_URL)\s*=\s*\S",
    re.IGNORECASE | re.MULTILINE,
)


class Settings(BaseSettings):
    """What a user may change. `REFTEL_DATA` sets `data`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix="REFTEL_",
        env_file=".env",
        toml_file="reftel.toml",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    data: Path = Field(Path("data"), description="The archive's data directory.")
    embedder: str = Field(
        "all-MiniLM-L6-v2",
        description="A sentence-transformers model, by name or path; changing it re-embeds.",
    )
    vector_cache: Path | None = Field(
        None, description="A file that keeps vectors by their text; unset: one in the user's cache folder."
    )
    vector_cache_gb: float = Field(
        2.0, ge=0, description="Gigabytes that the kept vectors may take; 0 keeps none."
    )
    chroma_url: str = Field(
        "", description="Address of a Chroma server for the vectors; empty: they lie in the data directory."
    )
    chroma_token: SecretStr = Field(
        SecretStr(""), description="What the Chroma server, or its proxy, asks for."
    )
    words_url: SecretStr = Field(
        SecretStr(""),
        description="A PostgreSQL that keeps the words (postgresql://...); empty: the data directory.",
    )
    model: str = Field(
        "",
        description="A chat model that writes answers, as provider:name (ollama:..., openai:...); empty: quotes.",
    )
    model_url: str = Field("", description="Where the chat model answers, for OpenAI-compatible servers.")
    model_key: SecretStr = Field(SecretStr(""), description="The chat model's key, if it needs one.")
    model_timeout: float = Field(60.0, gt=0, description="Seconds after which quotes replace a slow model.")
    model_context: int = Field(
        0, ge=0, description="Tokens of the chat model's context; 0: as LangChain knows it, else 8,192."
    )
    model_locked: bool = Field(False, description="Let nobody choose another model in the chat's settings.")
    check_model: str = Field(
        "",
        description="A chat model that reads every sentence a second time; empty: the one that writes; none: nobody.",
    )
    check_url: str = Field("", description="Where the checking model answers, where that is elsewhere.")
    check_key: SecretStr = Field(SecretStr(""), description="The checking model's key, where it has its own.")
    nli: str = Field(
        "",
        description="A local classifier (NLI, MiniCheck, HHEM) that reads sentences in the checking model's place.",
    )
    citation_style: Literal["chicago", "short", "ris", "bibtex"] = Field(
        "chicago",
        description="How citations are written: chicago, short, ris or bibtex; in the page readers may choose their own.",
    )
    session_hours: float = Field(12.0, gt=0, description="Hours after which somebody must sign in again.")
    secret: SecretStr = Field(
        SecretStr(""), description="Signs the sign-in cookies; empty: a key that is made and kept."
    )
    hosts: tuple[str, ...] = Field(
        (), description="Names under which browsers reach the chat, beside addresses, as a JSON list."
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="Addresses of proxies that say whose request they pass on, as a JSON list."
    )
    sign_in_header: str = Field(
        "", description="Header in which a trusted proxy names who has signed in there; empty: none."
    )
    audit_log: bool = Field(
        True,
        validation_alias=AliasChoices("REFTEL_AUDIT_LOG", "audit_log", "REFTEL_JOURNAL", "journal"),
        description="Where there are accounts, keep a log of who asked what and opened which cable.",
    )
    upload_limit: int = Field(
        100, ge=1, description="Megabytes that one upload may have, all files together."
    )
    host: str = Field("127.0.0.1", description="Address on which the chat listens.")
    port: int = Field(7860, ge=1, le=65535, description="Port on which the chat listens.")

    @model_validator(mode="after")
    def _keep_secrets(self) -> "Settings":
        """A file with a secret is its owner's alone."""
        for path in (Path(".env"), Path("reftel.toml")):
            if (
                path.is_file()
                and path.stat().st_mode & 0o077
                and _SECRET_LINE_RE.search(path.read_text("utf-8", "replace"))
            ):
                raise ValueError(f"{path} holds a secret and can be read by others: run `chmod 600 {path}`")
        return self

    def models(self) -> "ModelOptions":
        """The chat models, as a chain takes them."""
        from qa.llm.models import ModelOptions

        return ModelOptions(
            model=self.model,
            url=self.model_url,
            key=self.model_key.get_secret_value(),
            timeout=self.model_timeout,
            context_tokens=self.model_context,
            check_model=self.check_model,
            check_url=self.check_url,
            check_key=self.check_key.get_secret_value(),
            nli=self.nli,
        )

    def archive_config(self) -> "ArchiveConfig":
        """What the archive is put together from."""
        from vectorstore.archive import ArchiveConfig
        from vectorstore.storage.chroma_server import Server

        server = Server(self.chroma_url, self.chroma_token.get_secret_value()) if self.chroma_url else None
        return ArchiveConfig(
            self.data,
            self.embedder,
            server,
            self.words_url.get_secret_value(),
            self.vector_cache,
            self.vector_cache_gb,
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, .env and reftel.toml."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)


@cache
def offline() -> None:
    """Tell the libraries to stay quiet and at home; called before anything else is imported."""
    import os

    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    # NumPy multiplies only small matrices here; its threads would wait in loops on the cores that models need.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
