"""How fast Ethiek answers, measured over HTTP on both databases: ``python -m benchmarks``."""
