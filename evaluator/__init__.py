"""Which tool is this, and which version? It reads, runs and judges machine-learning repositories."""

__version__ = "0.1.0"
