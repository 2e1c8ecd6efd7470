"""Each headline figure, one command each: python -m benchmarks.NAME [--json FILE]."""
