.PHONY: serve test check lint format layers bench

serve:
	scripts/serve

test:
	scripts/test

check:
	scripts/check

lint:
	scripts/lint

format:
	git ls-files -co --exclude-standard '*.swift' | xargs swift format --in-place --parallel

layers:
	scripts/check-layers

bench:
	Benchmarks/run
