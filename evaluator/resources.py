"""Where do the rubric and the templates lie: in an installed wheel, or beside an editable checkout?"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_HERE = Path(__file__).parent


def folder(kind: Literal["rubrics", "templates"]) -> Path:
    """Return the folder of ``kind`` that ships with this copy of the package."""
    shipped = _HERE / f"_{kind}"
    checkout = _HERE.parent / {"rubrics": "rubrics", "templates": "reports/templates"}[kind]
    return shipped if shipped.is_dir() else checkout
