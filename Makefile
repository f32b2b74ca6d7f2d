# The commands of this workspace. `.ci/run` calls `lint` and `test`; warnings are errors there (CI=1).

.DEFAULT_GOAL := help
.PHONY: help lint servers test bench fuzz demo run

CARGO ?= cargo
CONFIG ?= config/daemon.yaml
FUZZ_SECONDS ?= 600
DENY_WARNINGS := $(if $(CI),-- -D warnings)

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name does; do printf '%-8s %s\n' "$$name" "$$does"; done

lint: ## Check formatting, lints and documentation
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked $(DENY_WARNINGS)
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --workspace --no-deps --document-private-items --locked

servers: ## Install or build the servers that tests need, where they are missing (Debian)
	.ci/install-servers

test: servers ## Run every test, against the real servers too
	$(CARGO) test --workspace --locked

bench: ## Measure what Tidemark spends
	$(CARGO) bench --package benches --locked

# In its own folder, whose toolchain is another. What is found goes to `fuzz/found`; `fuzz/README.md` says what to do with it.
fuzz: ## Fuzz each target for FUZZ_SECONDS (600); wants nightly and cargo-fuzz
	cd fuzz && for target in references policies ranges layouts choices edits trees documents \
	    challenges links tags image_manifests docker_config retry_after; do \
	    mkdir -p found/$$target && \
	    $(CARGO) fuzz run --fuzz-dir . -s none $$target found/$$target corpus/$$target -- -dict=dictionaries/$$target \
	        -max_len=4096 -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=2048 || exit 1; \
	done

demo: ## Show the whole product on this machine
	$(CARGO) run --release --locked -- demo

run: ## Run the daemon with CONFIG (config/daemon.yaml)
	$(CARGO) run --release --locked -- run --config $(CONFIG)
