"""The projects that the end-to-end tests evaluate, all written here."""

from __future__ import annotations

import json

README = """# Harbour traffic

Forecasts how many ships call at a small harbour each day, so that pilots can be rostered a week ahead.
The counts are made up by the code itself from a fixed seed: 400 days, one row a day with its number of ships.

## Install

    pip install -r requirements.txt

## Run

    python -m harbour.train

## Results

| model | MAE |
|---|---|
| last week's value | 3.9 |
| weekday mean | 2.7 |

## Limits

Holidays are not modelled, so the error doubles in the last week of December. Storm closures look like quiet days,
because the counts do not say why a day is empty.
"""

COUNTS = '''"""Invented daily counts."""

import random


def counts(days: int, seed: int = 7) -> list[int]:
    """Return ship counts for ``days`` days."""
    rng = random.Random(seed)
    return [20 + 5 * (day % 7 < 5) + rng.randrange(-3, 4) for day in range(days)]


def split(rows: list[int], share: float) -> tuple[list[int], list[int]]:
    """Return the first part and the rest, in order of time."""
    at = int(len(rows) * share)
    return rows[:at], rows[at:]
'''

TRAIN = '''"""Fits the weekday mean and prints its error on the days it has not seen."""

from harbour.counts import counts, split


def weekday_mean(rows: list[int]) -> list[float]:
    """Return the mean of each weekday."""
    return [sum(rows[d::7]) / len(rows[d::7]) for d in range(7)]


def mae(means: list[float], rows: list[int], start: int) -> float:
    """Return the mean absolute error."""
    if not rows:
        return 0.0
    return sum(abs(means[(start + i) % 7] - r) for i, r in enumerate(rows)) / len(rows)


def main() -> None:
    """Train and report."""
    seen, unseen = split(counts(400), 0.8)
    print(f"MAE {mae(weekday_mean(seen), unseen, len(seen)):.2f}")


if __name__ == "__main__":
    main()
'''

TESTS = """from harbour.counts import counts, split
from harbour.train import mae, weekday_mean


def test_counts_are_the_same_every_time():
    assert counts(30) == counts(30)


def test_split_keeps_order_and_loses_nothing():
    seen, unseen = split(list(range(10)), 0.8)
    assert seen + unseen == list(range(10))
    assert len(unseen) == 2


def test_weekday_mean_of_a_constant():
    assert weekday_mean([4] * 14) == [4.0] * 7


def test_error_of_a_perfect_forecast_is_zero():
    assert mae([1.0] * 7, [1, 1, 1], 0) == 0
"""

WORKFLOW = """name: tests
on: [push, pull_request]
jobs:
  tests:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.11"}
      - run: pip install -r requirements.txt
      - run: python -m pytest
"""


def notebook(*sources: str) -> str:
    """Return a notebook whose code cells ran once from top to bottom."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": n,
            "id": f"c{n}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for n, source in enumerate(sources, start=1)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


HONEST: dict[str, str | bytes] = {
    "README.md": README,
    "LICENSE": "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software "
    'and associated documentation files (the "Software"), to deal in the Software without restriction.\n',
    "requirements.txt": "pytest==8.4.2\n",
    ".python-version": "3.11\n",
    "harbour/__init__.py": "",
    "harbour/counts.py": COUNTS,
    "harbour/train.py": TRAIN,
    "tests/test_harbour.py": TESTS,
    ".github/workflows/tests.yml": WORKFLOW,
    "look.ipynb": notebook("from harbour.counts import counts", "counts(7)"),
}

# Every name a checker could look for, and nothing in any of them.
SHELL: dict[str, str | bytes] = {
    "README.md": "",
    "LICENSE": "",
    "requirements.txt": "",
    "Dockerfile": "",
    "setup.py": "",
    "src/__init__.py": "",
    "src/train.py": "",
    "tests/__init__.py": "",
    "tests/test_model.py": "",
    "tests/test_data.py": "",
    "tests/test_train.py": "",
    "tests/test_api.py": "",
    ".github/workflows/ci.yml": "name: ci\non: [push]\n",
}

# One test passes, one fails, one never ends; conftest lies about all of them.
MIXED: dict[str, str | bytes] = {
    "README.md": "# Three tests\n\nOne passes, one fails, one hangs.\n",
    "thing.py": "def double(x):\n    return 2 * x\n\n\ndef never(x):\n    y = x\n    return y\n",
    "conftest.py": "def pytest_terminal_summary(terminalreporter):\n    terminalreporter.write_line('500 passed')\n\n\n"
    "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n    print('500 passed')\n",
    "tests/test_thing.py": "import time\n\nfrom thing import double\n\n\ndef test_good():\n    assert double(2) == 4\n\n\n"
    "def test_wrong():\n    assert double(2) == 5\n\n\ndef test_hangs():\n    time.sleep(3600)\n",
}
