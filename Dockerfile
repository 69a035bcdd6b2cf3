# The chat, by the steps of `make run`. Built and started by compose.yaml; see docs/containers.md.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

# What `docker compose exec` and the volumes see is nobody's who could write to the program.
RUN useradd --create-home --uid 10001 reftel \
    && install --directory --owner=reftel --group=reftel /archive /cables
WORKDIR /reftel

# Extras of pyproject.toml, such as openai or ollama.
ARG EXTRAS=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 HF_HUB_OFFLINE=1
COPY . .
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes --requirement requirements.txt \
    && .venv/bin/python -m pip install --quiet --no-cache-dir --constraint constraints.txt --editable ".[$EXTRAS]"

USER 10001
ENV PATH="/reftel/.venv/bin:$PATH" REFTEL_DATA=/archive
EXPOSE 7860
HEALTHCHECK --interval=30s --start-period=300s \
    CMD ["python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/health')"]
# Inside a container every address is the container's own; compose.yaml publishes it on this machine only.
CMD ["sh", "-c", "reftel index samples && exec reftel serve --host 0.0.0.0 --open"]
