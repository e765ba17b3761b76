"""Reads, runs and judges machine-learning repositories, and renders a readiness report."""

__version__ = "0.1.0"
