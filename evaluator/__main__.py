"""What does `evaluate`, or `python -m evaluator`, start?"""

from __future__ import annotations

import sys


def main() -> None:
    """Start the program; an interrupt during its imports ends it as quietly as a later one."""
    try:
        from evaluator.cli import code

        status = code()
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
