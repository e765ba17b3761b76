"""Is a linter or formatter set up, so that style is nobody's argument?"""

from __future__ import annotations

from evaluator.facts.lint_setup import LintSetup, LintTool
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, NotApplicable, Span, Unit
from evaluator.registry import signal

_SHARE = 0.2
_SHOWN = 6
_WORKING = frozenset({"setting", "hook", "ci", "task"})
_LOOKED_AT = (
    "pyproject.toml",
    "ruff.toml",
    ".flake8",
    "setup.cfg",
    "tox.ini",
    ".pylintrc",
    ".pre-commit-config.yaml",
    "CI files",
    "Makefiles",
    "manifests",
)
_SAID = {
    "setting": "its settings",
    "hook": "runs before each commit",
    "ci": "CI runs it",
    "task": "a task runs it",
    "dependency": "declared as a dependency, and neither configured nor run",
    "editor": "a setting of one editor or notebook only",
    "prose": "named in a document, and neither configured nor run",
}


@signal(
    id="engineering.lint-configured",
    title="A linter or formatter is set up",
    question="Is a linter or formatter configured, or run before commits, by CI or by a task?",
    looks_at=(
        "Settings of the usual tools of each language, pre-commit hooks, the commands of CI, make, tox, nox and package "
        "scripts, dependencies and editor settings"
    ),
    remedy="Add `[tool.ruff]` with a selection of rules to pyproject.toml, and ruff's two hooks to .pre-commit-config.yaml.",
    effort="minutes",
    sources=("ruff", "pre-commit"),
    limits=(
        "Whether the code follows what is configured is not asked here. A type checker alone, a tool for a language that "
        "holds less than a fifth of the code, or one whose settings leave everything out, does not count in full."
    ),
    levels=("none", "only a dependency, an editor's setting, or one that does nothing", "configured, or run"),
)
def lint_configured(setup: LintSetup) -> Answer:
    """Value: 2 where a linter or formatter for a main language is configured or run, 1 where one is only named, else 0."""
    if not setup.languages:
        return NotApplicable(reason="no code")
    largest = setup.languages[0][0]
    main = {name for name, share in setup.languages if share >= _SHARE} | {largest, ""}
    full = [t for t in setup.tools if t.aim == "style" and t.how in _WORKING and not t.off and t.language in main]
    shown = full or [t for t in setup.tools if t.language in main] or list(setup.tools)
    level = 2 if full else 1 if shown else 0
    return Measured(
        value=level,
        unit=Unit.LEVEL,
        summary=_summary(level, shown, setup),
        evidence=_evidence(level, shown, setup, main),
    )


def _summary(level: int, shown: list[LintTool], setup: LintSetup) -> str:
    names = ", ".join(dict.fromkeys(t.tool for t in shown))
    if level == 2:
        return f"{names} set up in {', '.join(dict.fromkeys(t.at.path for t in shown[:3]))}"
    if level == 1:
        return f"{names}: named, but no linter or formatter of the main language is configured or run"
    if setup.empty:
        return f"no linter or formatter; {setup.empty[0]} holds no setting"
    return "no linter or formatter is configured, run or declared"


def _evidence(level: int, shown: list[LintTool], setup: LintSetup, main: set[str]) -> tuple[Evidence, ...]:
    named: list[Evidence] = [InFile(at=t.at, note=f"{t.tool}: {_note(t, main)}") for t in shown[:_SHOWN]]
    named += [
        InFile(at=Span(path=path), note="named for a linter's settings, and holds none") for path in setup.empty[:2]
    ]
    if level < 2 and not shown:
        named.append(Absence(note="no linter or formatter", looked_at=_LOOKED_AT))
    return tuple(named)


def _note(tool: LintTool, main: set[str]) -> str:
    if tool.off:
        return tool.off
    if tool.aim == "types":
        return "a type checker; no linter or formatter stands beside it"
    if tool.aim == "tidying":
        return "touches white space, spelling or syntax versions only"
    if tool.language not in main:
        return f"reads {tool.language}, which is little of this project's code"
    return _SAID[tool.how]
