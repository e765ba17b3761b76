"""Which lines of the project did its passing tests execute?

Placed into the sandbox and started there by ``supervise.py``, after every process of the project has been killed; never
imported by us. It reads what coverage recorded, leaves out the lines that only failing cases reached, and says of each
file which bytes it counted, so that a file that was rewritten during the run is noticed outside.

``# pragma: no cover`` is not obeyed: a line that is never executed is never executed.

Standard library only (coverage is the environment's), Python 3.8 or later.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import sys
from typing import Any, Dict, List, Set

IN_CASES = r"\d+\.\d+"


def recorded(orders: Dict[str, Any], *, imports: bool) -> Dict[str, Set[int]]:
    """Return absolute path → lines executed by cases that did not fail and, if ``imports``, outside of cases."""
    from coverage import CoverageData

    failed = "|".join(re.escape(context) for context in orders["failed"])
    but = f"(?!(?:{failed})$)" if failed else ""
    wanted = [rf"^{but}{IN_CASES}$", *([r"^$"] if imports else [])]
    found: Dict[str, Set[int]] = {}
    for path in sorted(glob.glob(os.path.join(glob.escape(orders["data"]), "lines.*"))):
        if not os.path.isfile(path) or os.path.islink(path):
            continue
        try:
            data = CoverageData(basename=path)
            data.read()
            data.set_query_contexts(wanted)
            for name in data.measured_files():
                found.setdefault(name, set()).update(data.lines(name) or ())
        except Exception as error:  # noqa: BLE001 - a broken record of one start costs that start
            sys.stderr.write(f"{os.path.basename(path)}: {error}\n")
    return found


def counted(orders: Dict[str, Any], executed: Dict[str, Set[int]]) -> List[Dict[str, Any]]:
    """Return a row per file to measure: its digest, its executable lines, and how many of them were executed."""
    import coverage

    made = coverage.Coverage(data_file=os.path.join(orders["data"], "sum"), config_file=False, branch=False)
    made.clear_exclude()
    made.exclude(r"if (typing\.)?TYPE_CHECKING:")
    made.get_data().add_lines({name: sorted(lines) for name, lines in executed.items()})
    rows = []
    for path in orders["measure"]:
        absolute = os.path.join(orders["work"], path)
        try:
            if os.path.islink(absolute):
                continue
            with open(absolute, "rb") as stream:
                digest = hashlib.sha256(stream.read()).hexdigest()
            _, statements, _, missing, _ = made.analysis2(absolute)
        except Exception:  # noqa: BLE001, S112 - gone, or not Python for this interpreter: no row
            continue
        rows.append({"path": path, "digest": digest, "lines": len(statements), "hit": len(statements) - len(missing)})
    return rows


def main() -> int:
    """Count, and write what was counted."""
    orders = json.loads(sys.stdin.read())
    in_cases = recorded(orders, imports=False)
    tests = {path: sorted(in_cases.get(os.path.join(orders["work"], path), ())) for path in orders["tests"]}
    found = {"files": counted(orders, recorded(orders, imports=True)), "tests": {p: t for p, t in tests.items() if t}}
    fd = os.open(orders["target"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(fd, "wb") as stream:
        stream.write(json.dumps(found).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
