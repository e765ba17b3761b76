"""What every test stands on: faults of ours are raised, and nothing of the user's settings is read."""

from __future__ import annotations

import os

os.environ["EVALUATOR_STRICT"] = "1"
for name in [n for n in os.environ if n.startswith(("EVALUATE_", "GIT_DIR", "GIT_WORK"))]:
    if name != "EVALUATE_CACHE":
        del os.environ[name]
# What is compared between two evaluations must be found out twice; the tests of the cache ask for it.
os.environ["EVALUATE_NO_CACHE"] = "1"
