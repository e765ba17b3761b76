"""What does a user hear of a fault of ours?"""

from __future__ import annotations

import os
import traceback


def explain(error: BaseException) -> str:
    """Return one line on ``error``; with ``EVALUATE_DEBUG=1`` the traceback as well."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((f for f in reversed(frames) if "evaluator" in f.filename), frames[-1] if frames else None)
    where = f" in {os.path.basename(ours.filename)}:{ours.lineno}" if ours else ""  # noqa: PTH119 - a name to show, no file access
    line = (
        f"evaluate: a fault of ours: {type(error).__name__}{where}. "
        "Please report it with the command you typed; EVALUATE_DEBUG=1 shows the details."
    )
    if os.environ.get("EVALUATE_DEBUG") == "1":
        return "".join(traceback.format_exception(error)) + line
    return line
