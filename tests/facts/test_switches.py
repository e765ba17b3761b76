"""Is code that a constant switches off seen, and told from what runs?"""

from __future__ import annotations

import pytest

from tests.facts.programs import program

RUN = "import joblib\n{}\ndef main():\n{}\nmain()\n"


def reached(module: str, body: str) -> list[tuple[str, bool]]:
    """Return the names that are loaded in ``main``, each with whether something runs the call."""
    inside = "".join(f"    {line}\n" for line in body.split("\n"))
    made = program({"a.py": RUN.format(module, inside)})
    found = [c for c in made.module("a.py").calls if c.name == "joblib.load"]
    return [(c.args[0].value.text.strip("'"), made.reach.has("a.py", c.scope)) for c in found]


@pytest.mark.parametrize(
    ("module", "body", "expected"),
    [
        pytest.param("ON = False", "if ON:\n    joblib.load('a')", [("a", False)], id="module constant"),
        pytest.param("ON: bool = False", "if ON:\n    joblib.load('a')", [("a", False)], id="annotated"),
        pytest.param("ON = None", "if ON:\n    joblib.load('a')", [("a", False)], id="none"),
        pytest.param("ON = ''", "if ON:\n    joblib.load('a')", [("a", False)], id="empty text"),
        pytest.param("OFF = True", "if not OFF:\n    joblib.load('a')", [("a", False)], id="negated"),
        pytest.param("ON = False", "if ON and x():\n    joblib.load('a')", [("a", False)], id="and"),
        pytest.param("ON = False", "ON and joblib.load('a')", [("a", False)], id="an expression"),
        pytest.param("ON = True", "ON or joblib.load('a')", [("a", False)], id="an alternative"),
        pytest.param("ON = False", "x = joblib.load('a') if ON else 1", [("a", False)], id="a choice"),
        pytest.param("ON = False", "while ON:\n    joblib.load('a')", [("a", False)], id="a loop"),
        pytest.param("ON = False", "if not ON:\n    return\njoblib.load('a')", [("a", False)], id="left before"),
        pytest.param("", "on = False\nif on:\n    joblib.load('a')", [("a", False)], id="local constant"),
        pytest.param("ON = True", "if ON:\n    joblib.load('a')", [("a", True)], id="switched on"),
        pytest.param("ON = False", "if ON or x():\n    joblib.load('a')", [("a", True)], id="or"),
        pytest.param("ON = False\nif x():\n    ON = True", "if ON:\n    joblib.load('a')", [("a", True)], id="bound again"),
        pytest.param("ON = False\ndef f():\n    global ON\n    ON = True", "if ON:\n    joblib.load('a')", [("a", True)], id="global"),
        pytest.param("import os\nON = os.getenv('ON')", "if ON:\n    joblib.load('a')", [("a", True)], id="read from outside"),
        pytest.param("ON = False", "for ON in x():\n    if ON:\n        joblib.load('a')", [("a", True)], id="another of that name"),
        pytest.param("", "on = False\nfor x in y():\n    if on:\n        joblib.load('a')\n    on = True", [("a", True)], id="set in a loop"),
        pytest.param("", "on = ''\non += x()\nif on:\n    joblib.load('a')", [("a", True)], id="grown"),
        pytest.param("", "on = False\ndef f():\n    nonlocal on\n    on = True\nf()\nif on:\n    joblib.load('a')", [("a", True)], id="nonlocal"),
        pytest.param("ON = False", "if ON:\n    joblib.load('a')\nelse:\n    joblib.load('b')", [("a", True), ("b", True)], id="one of two ways"),
        pytest.param("TYPE_CHECKING = False", "if TYPE_CHECKING:\n    joblib.load('a')", [("a", True)], id="for type checkers"),
        pytest.param("FRACTION = 0.5", "if FRACTION:\n    joblib.load('a')", [("a", True)], id="a number"),
    ],
)  # fmt: skip
def test_switches(module: str, body: str, expected: list[tuple[str, bool]]) -> None:
    assert reached(module, body) == expected


def test_a_file_that_does_nothing_but_what_is_switched_off_starts_nothing() -> None:
    made = program({"a.py": "import joblib\nON = False\nif ON:\n    joblib.load('a')\n"})

    assert not made.module("a.py").works
