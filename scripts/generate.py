"""Which files are made from the code? Run this after changing a signal, the rubric's types or the report's types."""

from __future__ import annotations

from pathlib import Path

import msgspec

from evaluator import codec, titles
from evaluator.explaining import catalogue_page
from evaluator.report.document import schema
from evaluator.rubric import Rubric

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write the generated files."""
    (ROOT / "rubrics" / "schema.json").write_bytes(codec.pretty(msgspec.json.schema(Rubric)))
    (ROOT / "rubrics" / titles.FILE).write_bytes(titles.page())
    (ROOT / "docs" / "report.schema.json").write_bytes(codec.pretty(schema()))
    (ROOT / "docs" / "signals.md").write_text(catalogue_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
