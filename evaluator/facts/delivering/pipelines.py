"""What do the CI systems other than GitHub's run, and when?"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator

from evaluator.facts.delivering import yaml_tree
from evaluator.facts.delivering.expanding import Expander, Place
from evaluator.facts.delivering.yaml_tree import Text, Value, mapping, sequence, text, texts
from evaluator.facts.delivery import Command, Workflow

_NO_JOBS = {
    *(
        "stages",
        "variables",
        "default",
        "include",
        "workflow",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
    ),
    *("pages:deploy", "spec", "types"),
}
_NESTED = 3
_GROOVY_LIMIT = 60_000
Scripts = list[tuple[Text, str, str]]


def pipelines(expander: Expander) -> Iterator[Workflow]:
    """Yield the pipelines of the systems that read one file at the top, by path."""
    readers: dict[str, Callable[[str, Expander], Workflow]] = {
        ".gitlab-ci.yml": _gitlab,
        ".circleci/config.yml": _circle,
        "azure-pipelines.yml": _azure,
        "azure-pipelines.yaml": _azure,
        ".travis.yml": _travis,
        "bitbucket-pipelines.yml": _bitbucket,
        ".drone.yml": _by_commands,
        ".woodpecker.yml": _by_commands,
        ".cirrus.yml": _by_commands,
        "cloudbuild.yaml": _by_commands,
        "buildspec.yml": _by_commands,
    }
    for path in expander.snapshot.paths():
        folder, name = posixpath.split(path)
        if path in readers:
            yield readers[path](path, expander)
        elif not folder and name.startswith("Jenkinsfile"):
            yield _jenkins(path, expander)
        elif folder in {".azure-pipelines", ".azuredevops", ".woodpecker"} and name.endswith((".yml", ".yaml")):
            yield (_by_commands if folder == ".woodpecker" else _azure)(path, expander)


def _load(path: str, expander: Expander) -> dict[str, Value]:
    return mapping(yaml_tree.load(path, expander.text(path)))


def _commands(path: str, scripts: Iterable[tuple[Text, str, str]], expander: Expander) -> tuple[Command, ...]:
    """Return the commands of (script, why it cannot matter, folder)."""
    found: list[Command] = []
    for script, disarmed, cwd in scripts:
        place = Place(path=path, line=script.line, origin="ci", cwd=cwd, disarmed=disarmed)
        found += expander.commands(script, place)
    return tuple(dict.fromkeys(found))


def _joined(*parts: Value) -> list[Text]:
    """Return lists of lines as scripts: lines that follow one another in the file as one, so that ``cd`` carries on."""
    lines = [line for part in parts for line in texts(part)]
    if not lines:
        return []
    body = ""
    for line in lines:
        body += "\n" * max(1, line.line - lines[0].line - body.count("\n")) if body else ""
        body += line
    return [Text(body, lines[0].line)]


def _gitlab(path: str, expander: Expander) -> Workflow:
    tree = _load(path, expander)
    for target in _included(tree, expander):
        tree = _load(target, expander) | tree
    before = mapping(tree.get("default")).get("before_script") or tree.get("before_script")
    scripts: Scripts = []
    events: set[str] = set()
    count = 0
    for name, value in tree.items():
        job = _extended(mapping(value), tree, _NESTED)
        if name in _NO_JOBS or name.startswith(".") or not (job.get("script") or job.get("trigger")):
            continue
        count += 1
        event, why = _gitlab_when(job)
        events.add(event)
        scripts += [(s, why, "") for s in _joined(job.get("before_script") or before, job.get("script"))]
    return Workflow(
        path=path,
        system="gitlab",
        triggers=tuple(sorted(events)),
        commands=_commands(path, scripts, expander),
        jobs=count,
    )


def _included(tree: dict[str, Value], expander: Expander) -> list[str]:
    found = []
    for item in sequence(tree.get("include")):
        name = text(item) or text(mapping(item).get("local"))
        if name and name.lstrip("/") in expander.files.paths:
            found.append(name.lstrip("/"))
    return found[:10]


def _extended(job: dict[str, Value], tree: dict[str, Value], depth: int) -> dict[str, Value]:
    for name in texts(job.get("extends")) if depth > 0 else ():
        job = _extended(mapping(tree.get(name)), tree, depth - 1) | job
    return job


def _gitlab_when(job: dict[str, Value]) -> tuple[str, str]:
    """Return the event that starts a job, and why its failure cannot matter."""
    tolerated = "allow_failure" if text(job.get("allow_failure")) == "true" else ""
    whens = {str(text(mapping(rule).get("when"))) for rule in sequence(job.get("rules"))} | {str(text(job.get("when")))}
    if whens == {"never"} or (whens == {"never", ""} and len(sequence(job.get("rules"))) == 1):
        return "never", "its rules say never"
    if "manual" in whens and whens <= {"manual", ""}:
        return "manual", tolerated
    only = {str(t) for t in texts(job.get("only"))}
    if only and only <= {"schedules", "tags", "web", "triggers", "api"}:
        return min(only), tolerated
    return ("pull_request" if only == {"merge_requests"} else "push"), tolerated


def _circle(path: str, expander: Expander) -> Workflow:
    tree = _load(path, expander)
    jobs = {name: mapping(job) for name, job in mapping(tree.get("jobs")).items()}
    used, events = _circle_used(mapping(tree.get("workflows")))
    named = {name: mapping(command) for name, command in mapping(tree.get("commands")).items()}
    scripts: Scripts = []
    wanted = {n: j for n, j in jobs.items() if n in used} if used else {n: j for n, j in jobs.items() if n == "build"}
    for job in wanted.values():
        folder = str(text(job.get("working_directory")))
        cwd = "" if folder.startswith(("~", "/")) else folder
        scripts += [(s, "", cwd) for s in _circle_steps(sequence(job.get("steps")), named, _NESTED)]
    return Workflow(
        path=path,
        system="circle",
        triggers=tuple(sorted(events or {"push"})),
        commands=_commands(path, scripts, expander),
        jobs=sum(bool(sequence(job.get("steps"))) for job in wanted.values()),
    )


def _circle_used(workflows: dict[str, Value]) -> tuple[set[str], set[str]]:
    used: set[str] = set()
    events: set[str] = set()
    for name, value in workflows.items():
        workflow = mapping(value)
        if name == "version" or not workflow:
            continue
        for item in sequence(workflow.get("jobs")):
            used |= {str(item)} if isinstance(item, Text) else set(mapping(item))
        scheduled = any("schedule" in mapping(t) for t in sequence(workflow.get("triggers")))
        events.add("schedule" if scheduled else "push")
    return used, events


def _circle_steps(steps: list[Value], named: dict[str, dict[str, Value]], depth: int) -> Iterator[Text]:
    for item in steps:
        step = mapping(item)
        run = step.get("run")
        if run is not None:
            command = run if isinstance(run, Text) else mapping(run).get("command")
            yield text(command)
        for name in (str(item),) if isinstance(item, Text) else tuple(step):
            if name in named and depth > 0:
                yield from _circle_steps(sequence(named[name].get("steps")), named, depth - 1)


def _azure(path: str, expander: Expander) -> Workflow:
    tree = _load(path, expander)
    jobs = [mapping(j) for j in sequence(tree.get("jobs"))]
    for stage in sequence(tree.get("stages")):
        off = _azure_off(mapping(stage))
        jobs += [
            mapping(j) | ({"condition": Text("false")} if off else {}) for j in sequence(mapping(stage).get("jobs"))
        ]
    jobs += [{"steps": tree["steps"]}] if "steps" in tree else []
    scripts: Scripts = []
    for job in jobs:
        for item in sequence(job.get("steps")):
            step = mapping(item)
            for kind in ("script", "bash", "pwsh", "powershell"):
                if text(step.get(kind)):
                    folder = str(text(step.get("workingDirectory")))
                    cwd = "" if "$" in folder or folder.startswith("/") else folder
                    scripts.append((text(step.get(kind)), _azure_off(job) or _azure_off(step), cwd))
    events = {"push"} if text(tree.get("trigger")) != "none" else set()
    events |= {"pull_request"} if "pr" in tree and text(tree.get("pr")) != "none" else set()
    return Workflow(
        path=path,
        system="azure",
        triggers=tuple(sorted(events or {"manual"})),
        commands=_commands(path, scripts, expander),
        jobs=sum(bool(sequence(job.get("steps"))) for job in jobs),
    )


def _azure_off(item: dict[str, Value]) -> str:
    if text(item.get("condition")) == "false" or text(item.get("enabled")) == "false":
        return "its condition is never true"
    return "continueOnError" if text(item.get("continueOnError")) == "true" else ""


def _travis(path: str, expander: Expander) -> Workflow:
    tree = _load(path, expander)
    jobs = [mapping(j) for key in ("jobs", "matrix") for j in sequence(mapping(tree.get(key)).get("include"))]
    parts = [tree, *jobs]
    scripts: Scripts = [
        (s, "", "") for p in parts for s in _joined(p.get("install"), p.get("before_script"), p.get("script"))
    ]
    working = sum(bool(sequence(p.get("script"))) for p in parts)
    return Workflow(
        path=path, system="travis", triggers=("push",), commands=_commands(path, scripts, expander), jobs=working
    )


def _bitbucket(path: str, expander: Expander) -> Workflow:
    tree = mapping(_load(path, expander).get("pipelines"))
    scripts: Scripts = []
    events: set[str] = set()
    for kind, event in (
        ("default", "push"),
        ("branches", "push"),
        ("pull-requests", "pull_request"),
        ("custom", "manual"),
    ):
        steps = list(_under(tree.get(kind), "script", 12))
        events |= {event} if steps else set()
        scripts += [(s, "" if event != "manual" else "started by hand", "") for part in steps for s in _joined(part)]
    return Workflow(
        path=path,
        system="other",
        triggers=tuple(sorted(events)),
        commands=_commands(path, scripts, expander),
        jobs=len(scripts),
    )


def _by_commands(path: str, expander: Expander) -> Workflow:
    """Read a system whose steps hold a list of ``commands`` or a ``script``; when they run is taken as on push."""
    tree = _load(path, expander)
    parts = [part for key in ("commands", "script") for part in _under(tree, key, 12)]
    scripts: Scripts = [(s, "", "") for part in parts for s in _joined(part)]
    return Workflow(
        path=path, system="other", triggers=("push",), commands=_commands(path, scripts, expander), jobs=len(scripts)
    )


def _under(value: Value, key: str, depth: int) -> Iterator[Value]:
    """Yield what stands under ``key`` anywhere below ``value``."""
    if depth <= 0:
        return
    for name, child in mapping(value).items():
        if name == key:
            yield child
        else:
            yield from _under(child, key, depth - 1)
    for child in value if isinstance(value, list) else ():
        yield from _under(child, key, depth - 1)


def _jenkins(path: str, expander: Expander) -> Workflow:
    """Read the ``sh`` steps of a Jenkinsfile; when it runs is set up elsewhere, and taken as on push."""
    scripts = list(_sh_steps(expander.text(path)[:_GROOVY_LIMIT]))
    return Workflow(
        path=path,
        system="jenkins",
        triggers=("push",),
        commands=_commands(path, [(s, "", "") for s in scripts], expander),
        jobs=len(scripts),
    )


def _sh_steps(source: str) -> Iterator[Text]:
    """Yield the scripts of ``sh`` and ``bat`` steps: the first string that follows, whatever stands around it."""
    tokens = _groovy(source)
    for index, (_, word, _) in enumerate(tokens):
        if word not in {"sh", "bat"}:
            continue
        for is_text, value, line in tokens[index + 1 : index + 9]:
            if is_text:
                yield Text(_unquoted(value), line)
                break
            if value not in {
                "(",
                "script",
                "script:",
                ":",
                "label",
                "label:",
                "[",
                ",",
                "returnStdout",
                "returnStatus",
                "true",
            }:
                break


def _groovy(source: str) -> list[tuple[bool, str, int]]:
    """Return (is a string, text, 1-based line) of each token; strings in one piece, blanks and comments left out."""
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Comment, String

    found: list[tuple[bool, str, int]] = []
    line, before = 1, False
    for kind, value in get_lexer_by_name("groovy", stripnl=False).get_tokens(source):
        is_text = String in kind.split()
        if is_text and before:
            found[-1] = (True, found[-1][1] + value, found[-1][2])
        elif is_text or (value.strip() and Comment not in kind.split()):
            found.append((is_text, value if is_text else value.strip(), line))
        before = is_text
        line += value.count("\n")
    return found


def _unquoted(literal: str) -> str:
    for quote in ("'''", '"""', "'", '"'):
        if literal.startswith(quote):
            return literal.removeprefix(quote).removesuffix(quote).replace("\\\n", " ")
    return literal
