"""Real suites in the real sandbox: what the report must say of them, whatever they do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluator.errors import SandboxError
from evaluator.model import Missing
from evaluator.runs.environment import Environment
from evaluator.runs.suite import Covered, SuiteRun
from evaluator.sandbox.api import Recorded, RunOutcome, Sandbox
from tests.runs import suites

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(180)]

CALC = """def add(a, b):
    return a + b


def sub(a, b):
    if a is None:
        return 0
    return a - b


def never():
    return 1
"""
HONEST = "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
WRONG = "\n\ndef test_wrong():\n    assert 1 == 2\n"


@pytest.fixture
def run(sandbox: Sandbox, environment: Environment, outside: Path):
    """Runs a suite with a limit of four seconds for one case."""

    def start(files: Mapping[str, str | bytes], *, case: int = 4, suite: int = 120) -> SuiteRun:
        settings = suites.settings_at(outside, case=case, suite=suite)
        result = suites.run_suite({"calc.py": CALC, **files}, sandbox, environment, settings)
        assert isinstance(result, SuiteRun), result
        return result

    return start


def counts(result: SuiteRun) -> dict[str, int]:
    named = {n: getattr(result, n) for n in ("passed", "failed", "errors", "skipped", "hanging", "not_run")}
    return {name: count for name, count in named.items() if count}


def outcomes(result: SuiteRun) -> dict[str, str]:
    return {case.id.partition("::")[2] or case.id: f"{case.outcome}: {case.cause}" for case in result.cases}


def test_passing_failing_and_hanging(run):
    """The hang costs its limit and no more; what passes is counted, and covers what it reached."""
    result = run(
        {
            "tests/test_calc.py": "from calc import add, sub\nimport time\n\n"
            "def test_add():\n    assert add(1, 2) == 3\n\n"
            "def test_sub():\n    assert sub(1, 2) == 3\n\n"
            "def test_hangs():\n    while True:\n        time.sleep(1)\n\n"
            "def test_after():\n    assert add(0, 0) == 0\n"
        }
    )

    assert counts(result) == {"passed": 2, "failed": 1, "hanging": 1}
    assert outcomes(result) == {"test_sub": "failed: defect", "test_hangs": "hanging: time"}
    assert result.coverage == (Covered(path="calc.py", lines=8, hit=4),)
    assert result.complete
    assert result.doubts == ()
    assert (result.exit_code, result.stopped_by) == (1, "nothing")


def test_ends_of_every_kind(run):
    """A case that ends the process, or cannot be told to stop, costs itself; the others still run."""
    result = run(
        {
            "test_ends.py": "import ctypes, os, pytest, signal, sys, threading, time\n\n"
            "def test_exit():\n    os._exit(0)\n\n"
            "def test_segfault():\n    ctypes.string_at(0)\n\n"
            "def test_killed():\n    os.kill(os.getpid(), signal.SIGKILL)\n\n"
            "def test_sys_exit():\n    sys.exit(0)\n\n"
            "def test_interrupt():\n    raise KeyboardInterrupt\n\n"
            "def test_ends_session():\n    pytest.exit('all is well', returncode=0)\n\n"
            "def test_deaf():\n    signal.signal(signal.SIGUSR2, signal.SIG_IGN)\n    time.sleep(1000)\n\n"
            "def test_thread():\n    threading.Thread(target=time.sleep, args=(1000,)).start()\n\n"
            "def test_flood():\n    os.write(1, b'x' * 1000)\n    print('y' * 20_000_000)\n\n"
            "def test_fork():\n    os.fork()\n\n"
            "def test_after():\n    assert True\n"
        }
    )

    assert outcomes(result) == {
        "test_exit": "error: defect",
        "test_segfault": "error: defect",
        "test_killed": "error: defect",
        "test_sys_exit": "failed: defect",
        "test_interrupt": "error: defect",
        "test_ends_session": "error: defect",
        "test_deaf": "hanging: time",
    }
    assert counts(result) == {"passed": 4, "failed": 1, "errors": 5, "hanging": 1}
    assert result.complete
    assert result.doubts == ()


def test_kinds_of_cases(run):
    """unittest, parameters, marks, fixtures and subtests are counted as pytest itself counts them."""
    result = run(
        {
            "test_kinds.py": "import unittest, pytest\n\n"
            "class TestCase(unittest.TestCase):\n"
            "    def test_good(self):\n        self.assertEqual(1, 1)\n"
            "    def test_bad(self):\n        self.assertEqual(1, 2)\n"
            "    @unittest.skip('later')\n    def test_skipped(self):\n        pass\n"
            "    @unittest.expectedFailure\n    def test_expected(self):\n        self.fail('known')\n"
            "    def test_parts(self):\n"
            "        for n in (1, 2):\n            with self.subTest(n=n):\n                self.assertEqual(n, 1)\n\n"
            "@pytest.mark.parametrize('n', [1, 2, 0])\ndef test_many(n):\n    assert n\n\n"
            "@pytest.mark.xfail\ndef test_known():\n    assert False\n\n"
            "@pytest.mark.xfail(strict=True)\ndef test_too_good():\n    assert True\n\n"
            "@pytest.mark.xfail\ndef test_better():\n    assert True\n\n"
            "@pytest.fixture\ndef broken():\n    raise LookupError('no such thing')\n\n"
            "def test_setup(broken):\n    pass\n\n"
            "@pytest.fixture\ndef leaves():\n    yield\n    raise LookupError('left over')\n\n"
            "def test_teardown(leaves):\n    pass\n"
        }
    )

    assert sorted(outcomes(result)) == [
        "TestCase::test_bad",
        "TestCase::test_parts",
        "test_many[0]",
        "test_setup",
        "test_teardown",
        "test_too_good",
    ]
    assert counts(result) == {"passed": 4, "failed": 4, "errors": 2, "skipped": 3}
    assert result.doubts == ()


def test_files_that_cannot_be_collected(run):
    """A file that cannot be imported stands for the tests the code shows in it, each with its cause."""
    two = "\ndef test_one():\n    assert 1\n\ndef test_two():\n    assert 2\n"
    result = run(
        {
            "test_import.py": "import no_such_distribution\n" + two,
            "test_data.py": "import csv\nROWS = list(csv.reader(open('data/rows.csv')))\n" + two,
            "test_net.py": "import urllib.request\nurllib.request.urlopen('https://example.org')\n" + two,
            "test_ends.py": two + "import sys\nsys.exit('stop')\n",
            "test_dies.py": two + "import os\nos._exit(3)\n",
            "test_stays.py": "while True:\n    pass\n" + two,
            "test_script.py": "print('no test in here')\nraise SystemExit(2)\n",
            "test_skips.py": two + "import pytest\npytest.skip('not here', allow_module_level=True)\n",
            "test_broken.py": "def test_one(:\n",
            "test_fine.py": HONEST,
        }
    )

    assert outcomes(result) == {
        "test_import.py": "error: undeclared-import",
        "test_data.py": "error: missing-data",
        "test_net.py": "error: network",
        "test_ends.py": "error: defect",
        "test_dies.py": "error: defect",
        "test_stays.py": "hanging: time",
        "test_script.py": "error: arguments",
        "test_broken.py": "error: defect",
    }
    assert counts(result) == {"passed": 1, "errors": 11, "skipped": 2, "hanging": 2}
    assert result.causes == {"defect": 5, "missing-data": 2, "network": 2, "undeclared-import": 2, "arguments": 0}


@pytest.mark.parametrize(
    "conftest",
    [
        pytest.param("print('500 passed in 0.1s')\n", id="prints the summary"),
        pytest.param(
            "def pytest_terminal_summary(terminalreporter):\n"
            "    terminalreporter.stats = {'passed': [None] * 500}\n"
            "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n",
            id="rewrites the reporter and the exit code",
        ),
        pytest.param(
            "import pytest\n@pytest.hookimpl(hookwrapper=True, tryfirst=True)\n"
            "def pytest_runtest_makereport(item, call):\n"
            "    report = (yield).get_result()\n    report.outcome = 'passed'\n    report.longrepr = None\n",
            id="rewrites the reports, outermost",
        ),
        pytest.param(
            "import pytest\n@pytest.hookimpl(hookwrapper=True, trylast=True)\n"
            "def pytest_runtest_call(item):\n"
            "    outcome = yield\n    outcome.force_result(None)\n",
            id="swallows the exception, innermost",
        ),
        pytest.param(
            "from _pytest.reports import TestReport\n"
            "def pytest_runtest_makereport(item, call):\n"
            "    return TestReport(item.nodeid, item.location, {}, 'passed', None, call.when)\n",
            id="makes reports of its own",
        ),
        pytest.param(
            "import _pytest.runner as runner\nreal = runner.CallInfo.from_call\n"
            "def from_call(func, when, reraise=None):\n"
            "    call = real(func, when, reraise)\n    call.excinfo = None\n    return call\n"
            "runner.CallInfo.from_call = staticmethod(from_call)\n",
            id="patches the runner",
        ),
        pytest.param(
            "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
            "def pytest_runtest_makereport(item, call):\n"
            "    report = (yield).get_result()\n"
            "    if report.failed:\n        report.outcome = 'skipped'\n        report.wasxfail = 'known'\n"
            "        report.longrepr = ('x', 1, 'y')\n",
            id="turns failures into expected ones",
        ),
        pytest.param(
            "import json, os, sys\n"
            "for fd in range(3, 20):\n"
            "    for _ in range(500):\n"
            "        try:\n"
            "            os.write(fd, b'0' * 32 + b' ' + json.dumps({'e': 'case', 'id': 'a', 'o': 'passed', 'c': '1'})"
            ".encode() + b'\\n')\n"
            "        except OSError:\n            break\n",
            id="writes to every descriptor",
        ),
        pytest.param(
            "import json, os\n"
            "def pytest_sessionfinish():\n"
            "    os.unlink('/out/journal')\n"
            "    with open('/out/journal', 'w') as f:\n"
            "        for n in range(500):\n"
            "            f.write(json.dumps({'e': 'case', 'id': f't.py::test_{n}', 'o': 'passed', 'c': '1',"
            " 'path': 't.py', 'line': 1}) + '\\n')\n",
            id="replaces the record",
        ),
        pytest.param(
            "import os, shutil\n"
            "def pytest_sessionfinish():\n"
            "    os.unlink('/out/journal')\n    os.mkdir('/out/journal')\n    os.symlink('/etc/passwd', '/out/lines.json')\n",
            id="puts other things in its place",
        ),
    ],
)
def test_forging_earns_nothing(run, conftest):
    result = run({"conftest.py": conftest, "test_it.py": HONEST + WRONG})

    assert counts(result) == {"passed": 1, "failed": 1}
    assert result.coverage == (Covered(path="calc.py", lines=8, hit=4),)


def test_what_hides_a_failure_is_doubted(run):
    result = run(
        {
            "conftest.py": "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
            "def pytest_runtest_makereport(item, call):\n    (yield).get_result().outcome = 'passed'\n",
            "test_it.py": HONEST + WRONG,
        }
    )

    assert counts(result) == {"passed": 1, "failed": 1}
    assert result.doubts == ("pytest ended with exit code 0 although 1 case did not pass",)


def test_ending_the_overseer_is_doubted(run):
    result = run(
        {
            "test_it.py": HONEST
            + "\n\ndef test_ends_overseer():\n    import os\n    os.kill(os.getppid(), 9)\n    import time\n    time.sleep(60)\n"
        }
    )

    assert counts(result) == {"passed": 1, "not_run": 1}
    assert not result.complete
    assert result.doubts == ("the process that keeps the run's record was ended from within the run",)


def test_tests_that_are_not_executed_are_doubted(run):
    """A conftest that replaces what the tests do: the line coverage of the tests gives it away."""
    result = run(
        {
            "conftest.py": "def pytest_pyfunc_call(pyfuncitem):\n    return True\n",
            "test_it.py": HONEST + WRONG,
        }
    )

    assert counts(result) == {"passed": 2}
    assert any("were never executed" in doubt for doubt in result.doubts) or result.coverage[0].hit < 4


SOFT = (
    "import functools\n"
    "def soft(f):\n"
    "    @functools.wraps(f)\n"
    "    def g(*a, **k):\n"
    "        try:\n            f(*a, **k)\n        except AssertionError:\n            pass\n"
    "    return g\n"
)
UNCHECKED = "1 passed without any of their assertions holding: test_it.py::test_wrong"


@pytest.mark.parametrize(
    ("conftest", "doubts"),
    [
        pytest.param(
            "import pytest\n@pytest.hookimpl(tryfirst=True)\n"
            "def pytest_pyfunc_call(pyfuncitem):\n"
            "    try:\n        pyfuncitem.obj()\n    except Exception:\n        pass\n    return True\n",
            ("the project's own pytest_pyfunc_call decides how a test is run (conftest.py:3)", UNCHECKED),
            id="calls the tests itself",
        ),
        pytest.param(
            SOFT + "def pytest_collection_modifyitems(items):\n    for i in items:\n        i.obj = soft(i.obj)\n",
            (UNCHECKED, "the project replaced the functions of 2 tests: test_it.py::test_add, test_it.py::test_wrong"),
            id="wraps the tests",
        ),
        pytest.param(
            SOFT + "def pytest_pycollect_makeitem(collector, name, obj):\n"
            "    if name.startswith('test_'):\n        setattr(collector.obj, name, soft(obj))\n",
            (UNCHECKED,),
            id="wraps them before they are collected",
        ),
    ],
)
def test_swallowed_assertions_are_doubted(run, conftest, doubts):
    result = run({"conftest.py": conftest, "test_it.py": HONEST + WRONG})

    assert result.doubts == doubts


def test_plain_assertions_of_every_kind_are_not_doubted(run):
    """Wrapped, parametrised, in classes, with messages, in loops, or not rewritten at all."""
    result = run(
        {
            "test_kinds.py": "import functools, unittest, pytest\nfrom unittest import mock\n\n"
            "class Case(unittest.TestCase):\n    def test_one(self):\n        assert 1\n"
            "    @mock.patch('os.getcwd')\n    def test_two(self, cwd):\n        assert cwd is not None, 'no cwd'\n\n"
            "class TestIt:\n    @pytest.mark.parametrize('n', [1, 2])\n    def test_three(self, n):\n        assert n\n\n"
            "def test_four():\n    if False:\n        assert 0\n\n"
            "def test_five():\n    with pytest.raises(AssertionError):\n        assert 0\n\n"
            "def test_six():\n    return None\n    assert 0\n\n"
            "class Loud:\n    def __repr__(self):\n        raise SystemExit\n\n"
            "def test_seven():\n    loud = Loud()\n    assert loud == loud; assert 1\n",
            "test_plain.py": "'PYTEST_DONT_REWRITE'\ndef test_eight():\n    assert 1\n",
        }
    )

    assert counts(result) == {"passed": 9}
    assert result.doubts == ()


def test_cases_out_of_nowhere_are_doubted(run):
    result = run(
        {
            "conftest.py": "import pytest\n"
            "class Nothing(pytest.Item):\n    def runtest(self):\n        pass\n"
            "def pytest_collection_modifyitems(session, items):\n"
            "    items += [Nothing.from_parent(session, name=f'test_{n}') for n in range(500)]\n",
            "test_it.py": HONEST,
        }
    )

    assert any("come from no test that the code holds" in doubt for doubt in result.doubts)


def test_changed_sources_cover_nothing(run):
    result = run(
        {
            "test_it.py": HONEST
            + "\n\ndef test_rewrites():\n    import calc\n    open(calc.__file__, 'w').write('x = 1\\n')\n",
        }
    )

    assert result.coverage[0].hit == 0
    assert result.doubts == ("1 source files were changed during the run: calc.py",)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"pytest.ini": "[pytest]\naddopts = --cov=. -n 4 --fail-on-flakes -x\n"}, id="options of plug-ins"
        ),
        pytest.param({"pytest.ini": "[pytest\nbroken"}, id="broken ini"),
        pytest.param({"pyproject.toml": "[tool.pytest.ini_options\n"}, id="broken toml"),
        pytest.param(
            {"setup.cfg": "[tool:pytest]\nrequired_plugins = pytest-nonesuch\nminversion = 99\n"}, id="demands"
        ),
        pytest.param(
            {
                ".coveragerc": "[run]\nplugins = nonesuch\nomit = *\ndata_file = /nowhere/x\n[report]\nomit = *\n",
                "setup.cfg": "[coverage:run]\nomit = *\n",
                "tox.ini": "[coverage:run]\nbranch = true\n",
            },
            id="coverage settings",
        ),
        pytest.param({"coverage.py": "raise SystemExit\n", "_pytest/__init__.py": ""}, id="modules named as ours"),
        pytest.param(
            {"json.py": "raise SystemExit\n", "hmac.py": "raise SystemExit\n"}, id="modules named as the library's"
        ),
        pytest.param(
            {"pytest.ini": "[pytest]\nfilterwarnings = error\nlog_cli = true\nlog_cli_level = DEBUG\n"}, id="strict"
        ),
    ],
)
def test_configuration_of_theirs_changes_nothing(run, files):
    result = run({**files, "tests/test_it.py": HONEST})

    assert counts(result) == {"passed": 1}
    assert {c.path: c.hit for c in result.coverage}["calc.py"] == 4
    assert result.doubts == ()


def test_selection_of_theirs_counts_as_skipped(run):
    result = run(
        {
            "pytest.ini": "[pytest]\naddopts = -m 'not slow'\nmarkers = slow\n",
            "test_it.py": HONEST + "\n\nimport pytest\n@pytest.mark.slow\ndef test_slow():\n    assert False\n",
        }
    )

    assert counts(result) == {"passed": 1, "skipped": 1}


def test_a_flaky_case_is_told_from_a_broken_one(run):
    """Run once more, it passes: still counted as failed, with its cause."""
    result = run(
        {
            "test_it.py": HONEST + WRONG + "\n\ndef test_sometimes(tmp_path_factory):\n"
            "    import os\n    seen = '/tmp/seen'\n    first = not os.path.exists(seen)\n    open(seen, 'w').close()\n"
            "    assert not first\n"
        }
    )

    assert outcomes(result) == {"test_sometimes": "failed: flaky", "test_wrong": "failed: defect"}
    assert (result.flaky, result.failed) == (1, 2)


def test_a_project_that_asks_git_runs_in_a_clone(run):
    body = "import subprocess\n\ndef test_git():\n    done = subprocess.run(['git', 'rev-parse', 'HEAD'])\n    assert done.returncode == 0\n"

    assert counts(run({"test_it.py": body})) == {"passed": 1}


def test_several_projects_run_where_they_lie(run):
    """Each with its own folder, imports and data; the sum is reported."""
    part = {
        "{}/pyproject.toml": "[project]\nname = '{}'\n",
        "{}/core.py": "def size():\n    return len(open('rows.txt').read())\n",
        "{}/rows.txt": "abc",
        "{}/tests/test_core.py": "from core import size\n\ndef test_size():\n    assert size() == 3\n",
    }
    files = {k.format(p): v.replace("{}", p) for p in ("one", "two") for k, v in part.items()}
    result = run(files)

    assert counts(result) == {"passed": 2}
    assert result.command == "cd one && pytest tests/test_core.py; cd two && pytest tests/test_core.py"
    assert {c.path: c.hit for c in result.coverage} == {"calc.py": 0, "one/core.py": 2, "two/core.py": 2}


def test_files_that_pytest_would_not_look_for(run):
    """Django's and unittest's ``tests.py`` is named to pytest when it finds nothing by itself."""
    result = run({"app/tests.py": HONEST, "app/__init__.py": ""})

    assert counts(result) == {"passed": 1}


def test_the_limit_of_the_whole(run):
    """What the time did not reach is not run, which is neither passed nor failed."""
    slow = "import time\nimport pytest\n\n@pytest.mark.parametrize('n', range(30))\ndef test_slow(n):\n    time.sleep(1.5)\n"
    result = run({"test_it.py": slow}, suite=12)

    assert 3 <= result.passed <= 12
    assert result.passed + result.not_run == 30
    assert not result.complete
    assert result.cases == ()


@pytest.mark.parametrize(
    ("conftest", "cause"),
    [
        pytest.param("import no_such_distribution\n", "error: undeclared-import", id="needs a package"),
        pytest.param("raise SystemExit('stop')\n", "error: defect", id="ends the process"),
        pytest.param("open('data/x.csv')\n", "error: missing-data", id="needs data"),
    ],
)
def test_a_conftest_that_cannot_be_loaded_stands_for_the_tests(run, conftest, cause):
    result = run({"conftest.py": conftest, "test_it.py": HONEST + WRONG})

    assert outcomes(result) == {"conftest.py": cause}
    assert counts(result) == {"errors": 2}


def test_a_conftest_that_never_ends(sandbox, environment, outside):
    files = {"conftest.py": "while True:\n    pass\n", "test_it.py": HONEST}

    result = suites.run_suite(files, sandbox, environment, suites.settings_at(outside))

    assert isinstance(result, Missing)
    assert result.cause == "timed-out"


def test_a_broken_sandbox_is_no_zero(environment, outside):
    class Broken(Recorded):
        def run(self, request):
            raise SandboxError("there is no user namespace")

    result = suites.run_suite({"test_it.py": HONEST}, Broken(), environment, suites.settings_at(outside))

    assert result == Missing(fact="SuiteRun", cause="failed", detail="there is no user namespace")


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [
        pytest.param(RunOutcome(exit_code=None, stopped_by="seconds"), "timed-out", id="time"),
        pytest.param(RunOutcome(exit_code=None, stopped_by="memory"), "too-large", id="memory"),
        pytest.param(RunOutcome(exit_code=1, tail="Traceback\nboom\n"), "failed", id="did not start"),
        pytest.param(
            RunOutcome(exit_code=0, files={"journal": b'{"e": "no-pytest", "message": "x"}\n'}),
            "failed",
            id="no pytest",
        ),
        pytest.param(
            RunOutcome(exit_code=0, files={"journal": b'{"e": "end", "exit": 5}\n'}), "not-found", id="no case"
        ),
        pytest.param(RunOutcome(exit_code=0, files={"journal": b"\x00\xff\n{}\n[1]\n"}), "failed", id="garbage"),
    ],
)
def test_what_did_not_run_is_missing(environment, outside, outcome, cause):
    result = suites.run_suite({"test_it.py": HONEST}, Recorded(outcome), environment, suites.settings_at(outside))

    assert isinstance(result, Missing)
    assert cause == result.cause


def test_what_the_sandbox_is_asked_for(environment, outside):
    """No network, our settings only, and nothing of this machine in the environment."""
    where = Recorded(RunOutcome(exit_code=1))
    suites.run_suite({"test_it.py": HONEST}, where, environment, suites.settings_at(outside, case=7))

    request = where.asked[0]
    spec = json.loads(request.placed["/run/evaluator/spec.json"])
    assert request.argv[1:] == ("-I", "-S", "/run/evaluator/supervise.py", "/work", "/out")
    assert request.bring_back == ("journal", "lines.json")
    assert spec["case_seconds"] == 7
    assert "addopts=" in spec["args"]
    assert not {"PATH", "HOME", "PYTHONPATH"} & set(request.env)
    assert request.limits.seconds > spec["total_seconds"]


def test_no_tests_is_nothing_to_run(sandbox, environment, outside):
    result = suites.run_suite({"calc.py": CALC}, sandbox, environment, suites.settings_at(outside))

    assert result == Missing(fact="SuiteRun", cause="not-found", detail="the code holds no tests")


def test_no_budget_is_no_zero(sandbox, environment, outside):
    settings = suites.settings_at(outside, budget=9)

    result = suites.run_suite({"test_it.py": HONEST}, sandbox, environment, settings)

    assert isinstance(result, Missing)
    assert result.cause == "timed-out"
    assert "were left of the budget" in result.detail


def test_a_small_budget_runs_a_small_suite(sandbox, environment, outside):
    files = {"calc.py": CALC, "test_it.py": HONEST}

    result = suites.run_suite(files, sandbox, environment, suites.settings_at(outside, budget=30))

    assert isinstance(result, SuiteRun)
    assert counts(result) == {"passed": 1}
    assert result.coverage == (Covered(path="calc.py", lines=8, hit=4),)


def test_the_same_suite_gives_the_same_fact(run):
    """Temporary folders and addresses that a message holds are not part of it."""
    files = {"test_it.py": HONEST + "\n\ndef test_named(tmp_path):\n    raise ValueError(f'{object()} {tmp_path}')\n"}

    assert run(files) == run(files)
