"""Figures for Prometheus: how many, how long, how busy; never who or what."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "reftel_requests", "HTTP requests by method and status.", ["method", "status"], registry=REGISTRY
)
REFUSED = Counter("reftel_refused", "Requests that were refused, by reason.", ["reason"], registry=REGISTRY)
SIGN_INS = Counter("reftel_sign_ins", "Attempts to sign in, by outcome.", ["outcome"], registry=REGISTRY)
OPEN = Gauge("reftel_open_requests", "HTTP requests under way.", registry=REGISTRY)
RUNNING = Gauge("reftel_questions_running", "Questions being answered.", registry=REGISTRY)
ANSWERED = Histogram(
    "reftel_question_seconds",
    "Seconds that questions took.",
    registry=REGISTRY,
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)
UPLOADS = Counter("reftel_uploads", "Files added by upload, by outcome.", ["outcome"], registry=REGISTRY)


def page() -> bytes:
    """All figures in Prometheus's text form."""
    return generate_latest(REGISTRY)
