# Everything that presskit's developers run. `make kit` and `make test` need a Debian (or Ubuntu) machine
# with make and Python 3.11 or newer, and install the rest themselves.

# Modules are compiled once, and not at each start: each kit is made by processes of its own.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] && echo env || echo sudo)

# Another program may be at it: wait for it. (Only what installs waits by itself, not what updates.)
APT := $(SUDO) DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600

# Pango lays out text, harfbuzz-subset cuts fonts down to what a kit uses.
RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 shared-mime-info
# poppler and qpdf read finished kits back in tests, with other code than ours; LibreOffice converts for real.
# Tesseract reads scanned pages. Chromium shows the press room, unzip opens its ZIPs, rsync tells what changed.
TEST_PACKAGES ?= poppler-utils qpdf libreoffice-writer libreoffice-calc libreoffice-impress tesseract-ocr tesseract-ocr-fra chromium unzip rsync ruby-kramdown ruby-kramdown-parser-gfm
TESTS ?=
# veraPDF is a Java program, which Maven fetches.
JAVA_PACKAGES := default-jre-headless maven
VERAPDF := $(VENV)/verapdf
HAS_JAVA = { command -v java && command -v mvn; } >/dev/null

.PHONY: help kit test quick verapdf conformance systems lint format fuzz bench requirements messages example-attachments release clean

help: ## List these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/'

kit: $(VENV)/.run ## Build the example's kit: communique.pdf
	$(BIN)/presskit build examples/communique.md -o communique.pdf

test: $(VENV)/.dev ## Run all tests (or TESTS=…), those of veraPDF where Java and Maven are
	@if $(HAS_JAVA); then $(MAKE) --no-print-directory $(VERAPDF)/.done; fi
	PRESSKIT_VERAPDF=$(CURDIR)/$(VERAPDF) $(BIN)/pytest -n auto --dist worksteal $(TESTS)

# What deals with texts, as far as it makes no kit.
QUICK := reading prose text release conserved publication pdf base/test_i18n.py
quick: $(VENV)/.dev ## Run the tests of texts, but for those that make kits: they take no half minute
	$(BIN)/pytest -n 2 --dist worksteal --quick $(addprefix tests/,$(QUICK))

verapdf: $(VENV)/.dev ## Install veraPDF (with Java and Maven): `make test` has it judge kits then
	@$(HAS_JAVA) || $(MAKE) --no-print-directory java
	@$(MAKE) --no-print-directory $(VERAPDF)/.done

conformance: verapdf ## Have veraPDF judge kits
	PRESSKIT_VERAPDF=$(CURDIR)/$(VERAPDF) PRESSKIT_CONFORMANCE=required $(BIN)/pytest tests/conformance/test_verapdf.py

# Debian's releases, and what is tried on each: as many as are named, from nothing.
SYSTEMS ?= bookworm:core trixie:test testing:core
systems: ## Try presskit on Debian 12, 13 and testing, each made from nothing (SYSTEMS=trixie:core …; as root)
	$(call system,debootstrap)
	tests/systems.sh $(SYSTEMS)

lint: $(VENV)/.dev ## Check style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## Put the code in its style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fuzz: $(VENV)/.dev ## Try damaged attachments and front matters for two minutes (SECONDS=… SEED=…), and the tests' properties by chance
	$(BIN)/python -m tests.fuzz
	$(BIN)/pytest -n auto -m hypothesis --hypothesis-profile further

bench: $(VENV)/.dev ## Compare presskit with the bare libraries, side by side
	$(call system,pandoc)
	$(BIN)/python -m benchmarks.bench
	$(BIN)/python -m benchmarks.merge
	$(BIN)/python -m benchmarks.batch
	$(BIN)/python -m benchmarks.room

requirements: $(VENV)/.dev ## Pin the dependencies anew, with their hashes
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate -q --group build -c requirements/run.txt -o requirements/build.txt
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate -q pyproject.toml --extra dask --extra heic --extra ocr --group dev --group build -o requirements/dev.txt

messages: $(VENV)/.dev ## Bring the French catalogue up to date, and compile it
	$(BIN)/pybabel extract -k ngettext:1,2 --no-location --omit-header -o $(VENV)/presskit.pot presskit
	$(BIN)/pybabel update -D presskit -d presskit/locale -i $(VENV)/presskit.pot -l fr -N --ignore-obsolete --no-fuzzy-matching -w 110
	$(BIN)/pybabel compile -D presskit -d presskit/locale

example-attachments: $(VENV)/.run ## Make the example's attached PDFs again
	$(BIN)/python examples/sources/make.py

release: $(VENV)/.dev ## Build and check wheel and sdist of a version, and tag it (VERSION=0.2.0)
	@test -n "$(VERSION)" || { echo "Say which version: make release VERSION=0.2.0"; exit 2; }
	@git diff --quiet HEAD || { echo "Commit what is changed first."; exit 1; }
	@grep -qx '__version__ = "$(VERSION)"' presskit/__init__.py || { echo "presskit/__init__.py has another version."; exit 1; }
	@grep -q '^## $(VERSION) ' CHANGELOG.md || { echo "CHANGELOG.md has no section “## $(VERSION) – date”."; exit 1; }
	$(MAKE) --no-print-directory lint test
	rm -rf dist
	$(BIN)/python -m hatchling build -d dist
	git tag -a v$(VERSION) -m "presskit $(VERSION)"
	@echo "dist/ holds wheel and sdist. Publish: git push --follow-tags; $(BIN)/uv publish dist/*"

clean: ## Remove what these targets made
	rm -rf $(VENV) dist build communique.pdf .pytest_cache .mypy_cache .ruff_cache .hypothesis

# One environment serves both: .run has what a kit needs, .dev adds what tests need.
$(VENV)/.run: requirements/run.txt requirements/build.txt pyproject.toml build_hook.py
	$(call system,$(RUN_PACKAGES))
	$(call environment,-r requirements/run.txt -r requirements/build.txt)
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/build.txt pyproject.toml build_hook.py
	$(call system,$(RUN_PACKAGES) $(TEST_PACKAGES))
	$(call environment,-r requirements/dev.txt -r requirements/build.txt)
	@touch $@ $(VENV)/.run

.PHONY: java
java:
	$(call system,$(JAVA_PACKAGES))

$(VERAPDF)/.done: tests/verapdf/pom.xml tests/verapdf/SHA256SUMS
	rm -rf $(VERAPDF)
	mvn --quiet --batch-mode --file tests/verapdf/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=$(CURDIR)/$(VERAPDF)
	cd $(VERAPDF) && sha256sum --quiet --check $(CURDIR)/tests/verapdf/SHA256SUMS
	@touch $@

# Install Debian packages that are not there yet; elsewhere, say which they are.
define system
	@if command -v apt-get >/dev/null; then \
		missing=""; \
		for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
		$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
		if [ -n "$$missing" ]; then \
			for try in 1 2 3 4 5 6 7 8 9; do $(APT) update -q && break; sleep 10; done; \
			$(APT) install -q -y --no-install-recommends $$missing; \
		fi; \
	else echo "Not a Debian machine: see the README for what to install (Pango, poppler, qpdf)."; fi
endef

define environment
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes $(1)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef
