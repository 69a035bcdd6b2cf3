"""Opens a chat model by name; every provider's package is optional and asked for in plain words."""

import importlib.util
import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from vectorstore.errors import UserError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel  # naming a model must not import LangChain

PACKAGES = {
    "anthropic": "langchain-anthropic",
    "azure_openai": "langchain-openai",
    "bedrock_converse": "langchain-aws",
    "cohere": "langchain-cohere",
    "deepseek": "langchain-deepseek",
    "fireworks": "langchain-fireworks",
    "google_genai": "langchain-google-genai",
    "google_vertexai": "langchain-google-vertexai",
    "groq": "langchain-groq",
    "huggingface": "langchain-huggingface",
    "mistralai": "langchain-mistralai",
    "ollama": "langchain-ollama",
    "openai": "langchain-openai",
    "openrouter": "langchain-openrouter",
    "together": "langchain-together",
    "xai": "langchain-xai",
}
"""Providers and the packages that bring them, from LangChain's list of integrations."""

HOSTS = {
    "anthropic": "api.anthropic.com",
    "cohere": "api.cohere.com",
    "deepseek": "api.deepseek.com",
    "fireworks": "api.fireworks.ai",
    "google_genai": "generativelanguage.googleapis.com",
    "groq": "api.groq.com",
    "mistralai": "api.mistral.ai",
    "ollama": "127.0.0.1",
    "openai": "api.openai.com",
    "openrouter": "openrouter.ai",
    "together": "api.together.xyz",
    "xai": "api.x.ai",
}
"""Where a provider's models answer unless an address is given."""

MAX_REPLY_TOKENS = 1_500
"""Of an answer: ten sentences with their quotes need about 800."""
DEFAULT_CONTEXT_TOKENS = 8_192
"""Tokens of context assumed where a model reports none; also Ollama's `num_ctx`."""
MIN_EVIDENCE_WORDS, MAX_EVIDENCE_WORDS = 800, 6_000
PROMPT_TOKENS = 1_200
"""Of a context that rules, question and reply take at least."""
TOKENS_PER_WORD = 2
"""Cables with their names and codes take more tokens than prose, and keys and headers come on top."""
CHECK_OFF = "none"
"""As the checking model: no second reading."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """The chat model that writes, the one that reads a second time, and the local classifier; see settings.py."""

    model: str = ""
    url: str = ""
    key: str = field(default="", repr=False)
    timeout: float = 60.0
    context_tokens: int = 0
    check_model: str = ""
    """Empty: the model that writes reads as well; `none`: nobody does."""
    check_url: str = ""
    check_key: str = field(default="", repr=False)
    nli: str = ""

    @property
    def remote_hosts(self) -> tuple[str, ...]:
        """The hosts beside this machine to which questions and paragraphs are sent, each once."""
        named = ((self.model, self.url), (self.check_model, self.check_url or self.url))
        hosts = (host_of(model, url) for model, url in named if model and model != CHECK_OFF)
        return tuple(dict.fromkeys(host for host in hosts if not is_this_machine(host)))


def host_of(model: str, url: str = "") -> str:
    """Where a model answers: the host of its address, else its provider's; a provider without a host by its name."""
    provider = model.partition(":")[0]
    return (urlsplit(url).hostname or url) if url else HOSTS.get(provider, provider)


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class ModelUnavailable(UserError):
    """The chat model cannot be opened; the message says what to do."""


def open_model(
    model: str, *, url: str = "", key: str = "", timeout: float = 60.0, context_tokens: int = 0
) -> "BaseChatModel":
    """The chat model `provider:name`, such as `ollama:llama3.2` or `openai:gpt-4o-mini`.

    With `url` an OpenAI-compatible server at that address answers (`openai:NAME`); one that asks for no
    key needs none. `timeout` in seconds goes for one request. Nothing is sent before the first question.
    Raises ModelUnavailable where the name, the package or the key is missing.
    """
    provider, _, name = model.partition(":")
    if not name:
        raise ModelUnavailable(
            f"{model!r} names no provider: write REFTEL_MODEL=provider:name, as in ollama:llama3.2"
        )
    package = PACKAGES.get(provider, f"langchain-{provider.replace('_', '-')}")
    if importlib.util.find_spec(package.replace("-", "_")) is None:
        raise ModelUnavailable(f"{provider} models need one more package: pip install {package}")
    # Imported late: langchain's chat models cost half a second that quoting never needs.
    from langchain.chat_models import init_chat_model

    try:
        options = _options(provider, url, key, timeout, context_tokens)
        opened: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except Exception as error:  # providers raise their own classes, which share no other base
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelUnavailable(
            f"{model} cannot be opened: {reason} A key goes into REFTEL_MODEL_KEY."
        ) from error
    return opened


def _options(provider: str, url: str, key: str, timeout: float, context_tokens: int) -> dict[str, Any]:
    """What a provider's class is opened with; Ollama names some things its own way."""
    if provider == "ollama":
        local: dict[str, Any] = {
            "temperature": 0,
            "num_predict": MAX_REPLY_TOKENS,
            "num_ctx": context_tokens or DEFAULT_CONTEXT_TOKENS,
            "client_kwargs": {"timeout": timeout},
        }
        return local | ({"base_url": url} if url else {})
    options: dict[str, Any] = {"max_tokens": MAX_REPLY_TOKENS, "timeout": timeout, "max_retries": 1}
    if url or provider != "openai":  # OpenAI's newer models refuse a temperature
        options["temperature"] = 0
    if url:
        options["base_url"] = url
    if key or (url and provider == "openai"):
        options["api_key"] = key or "none"
    return options


def max_evidence_words(chat: "BaseChatModel", context_tokens: int = 0) -> int:
    """Words of evidence that fit into a model's context: as set, as LangChain knows it, or as most have it."""
    profile: Any = getattr(chat, "profile", None) or {}
    tokens = context_tokens or profile.get("max_input_tokens") or DEFAULT_CONTEXT_TOKENS
    return max(MIN_EVIDENCE_WORDS, min((tokens - PROMPT_TOKENS) // TOKENS_PER_WORD, MAX_EVIDENCE_WORDS))
