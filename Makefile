# The short commands for people; CMake and its presets do the work (CMakePresets.json). On a fresh Debian 12 with git and make, each target
# sets up what it needs first (deps/setup): as root it installs Debian packages, and says so before it does.

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
build = cmake --preset $(1) --log-level=NOTICE >build/$(1).log 2>&1 || { cat build/$(1).log; exit 1; }; cmake --build --preset $(1)

all: setup-build ## build/bin/ananke and build/lib: optimised, for this machine's processor
	@mkdir -p build && $(call build,release) --target all manual

demo: setup-demo all ## rules mined from real code, and a real model with and without them
	@demo/run

test: setup-test ## build for development and run every test
	@mkdir -p build && $(call build,dev)
	@ctest --preset dev

proof: setup-demo all ## what must hold, at full size and with the real model (slow)
	@tests/proof/run

bench: setup-bench all ## measurements beside other engines, printed
	@bench/run

install: all ## into $(PREFIX), below $(DESTDIR)
	@cmake --install build/release --prefix $(PREFIX)

wheel: setup-wheel all ## the Python wheel, into dist/
	@"$$(deps/setup --where backends)" -m pip wheel -q --disable-pip-version-check --no-build-isolation --no-deps --wheel-dir dist ./bindings/python
	@ls dist/*.whl

fmt: setup-lint ## lay out the C code by .clang-format
	@git ls-files --cached --others --exclude-standard '*.c' '*.h' | xargs clang-format-14 -i

lint: setup-lint ## layout, static analysis, scripts, man page
	@mkdir -p build && $(call build,dev)
	@.ci/lint

fuzz: setup-fuzz ## every fuzz target for FUZZ_SECONDS, with libFuzzer
	@mkdir -p build && $(call build,fuzz)
	@.ci/fuzz $(FUZZ_SECONDS)

fuzz-replay: setup-test ## the fuzz corpus and variants of it, under the address sanitizer, without clang
	@mkdir -p build && $(call build,asan)
	@ctest --preset asan -L fuzz

coverage: setup-coverage ## lines executed by the tests
	@mkdir -p build && $(call build,coverage)
	@ctest --preset coverage
	@gcovr --root . --filter src/ --exclude-throw-branches --print-summary build/coverage

setup-%:
	@deps/setup $*

clean: ## what was built; third-party code stays
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true
	@rm -rf dist

distclean: ## what was built, and third-party code
	@rm -rf build dist

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

.PHONY: all demo test proof bench install wheel fmt lint fuzz fuzz-replay coverage clean distclean help
