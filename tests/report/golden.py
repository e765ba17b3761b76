"""Which whole reports are kept, to see every change to them as a difference?

After a change that is meant, write them anew and read the difference before it is committed:

    python -m tests.report.golden
    git diff tests/golden
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evaluator.report import html, terminal
from tests.report import samples

FOLDER = Path(__file__).parents[1] / "golden"
KEPT: dict[str, Callable[[], str]] = {
    "report-rich.html": lambda: html.render(samples.rich(), samples.measured()),
    "report-rich.txt": lambda: (
        terminal.summary(samples.rich(), samples.measured(), path="evaluation/report.html") + "\n"
    ),
    "report-empty.html": lambda: html.render(samples.empty()),
    "report-empty.txt": lambda: terminal.summary(samples.empty(), path="evaluation/report.html") + "\n",
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, make in KEPT.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
