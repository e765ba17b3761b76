"""Which manifests of hosting platforms does the project have, and is what they name there?"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator

from evaluator.facts.delivering import compose, yaml_tree
from evaluator.facts.delivering.deploying import deploys
from evaluator.facts.delivering.expanding import Expander, Place
from evaluator.facts.delivering.yaml_tree import Value, mapping, sequence, text, texts
from evaluator.facts.delivery import Deployment
from evaluator.model import Span

_LIMIT = 100_000
_DOCUMENTS = 30
_WORKLOADS = frozenset(
    {
        *(
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "Pod",
            "Job",
            "CronJob",
            "ReplicaSet",
            "DeploymentConfig",
            "Rollout",
        ),
        *("InferenceService", "SeldonDeployment", "RayService", "RayCluster", "ServingRuntime", "Service.serving"),
    }
)
_RESOURCE = re.compile(r'^\s*(?:resource|module)\s+"[^"\n]+"', re.MULTILINE)
_HCL_COMMENT = re.compile(r"/\*.*?\*/|^\s*(?:#|//).*?$", re.DOTALL | re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{1,4000}?)\r?\n---[ \t]*\r?\n", re.DOTALL)
_SPACES = frozenset({"gradio", "streamlit", "docker", "static"})
_HANDLER = re.compile(r"[\w./-]+\.\w+")
Found = Iterator[Deployment]


def _manifest(path: str, what: str, lacks: str = "", line: int = 1) -> Deployment:
    return Deployment(kind="manifest", what=what, at=Span(path=path, start=line, end=line), lacks=lacks)


def manifests(own: list[str], expander: Expander) -> Found:
    """Yield what each manifest sets up, by path; never raises."""
    for path in own:
        name = posixpath.basename(path)
        reader = _BY_NAME.get(name) or _BY_NAME.get(name.lower())
        if reader is not None:
            yield from reader(path, expander)
        elif name.endswith((".tf", ".tf.json")):
            yield from _terraform(path, expander)
        elif (
            name.endswith((".yaml", ".yml"))
            and not path.startswith((".github/", ".circleci/"))
            and not compose.is_compose(path)
        ):
            yield from _kubernetes(path, expander)
        elif name.endswith(".service"):
            yield from _systemd(path, expander)


def _yaml(path: str, expander: Expander) -> dict[str, Value]:
    return mapping(yaml_tree.load(path, expander.text(path)[:_LIMIT]))


def _json(path: str, expander: Expander) -> dict[str, object]:
    try:
        made = json.loads(expander.text(path)[:_LIMIT] or "null")
    except (ValueError, RecursionError):
        return {}
    return made if isinstance(made, dict) else {}


def _toml(path: str, expander: Expander) -> dict[str, object]:
    try:
        return tomllib.loads(expander.text(path)[:_LIMIT])
    except (ValueError, RecursionError):
        return {}


def _kubernetes(path: str, expander: Expander) -> Found:
    """Yield the workloads of a manifest, which may hold several documents."""
    source = expander.text(path)[:_LIMIT]
    if "apiVersion" not in source or "kind" not in source:
        return
    line = 1
    for part in re.split(r"^---[ \t]*(?:#.*)?$", source, flags=re.MULTILINE)[:_DOCUMENTS]:
        tree = mapping(yaml_tree.load(path, part))
        kind = str(text(tree.get("kind")))
        if text(tree.get("apiVersion")) and kind in _WORKLOADS and mapping(tree.get("spec")):
            named = any(True for _ in _under(tree.get("spec"), "image")) or kind not in {
                "Deployment",
                "Pod",
                "StatefulSet",
            }
            yield _manifest(path, f"Kubernetes {kind}", "" if named else "its container names no image", line)
        line += part.count("\n")


def _under(value: Value, key: str, depth: int = 14) -> Iterator[Value]:
    if depth <= 0:
        return
    for name, child in mapping(value).items():
        if name == key and child:
            yield child
        else:
            yield from _under(child, key, depth - 1)
    for child in value if isinstance(value, list) else ():
        yield from _under(child, key, depth - 1)


def _terraform(path: str, expander: Expander) -> Found:
    source = _HCL_COMMENT.sub(lambda m: "\n" * m[0].count("\n"), expander.text(path)[:_LIMIT])
    found = _RESOURCE.search(source)
    if found is not None:
        yield _manifest(path, "Terraform", line=source.count("\n", 0, found.start()) + 1 + found[0].count("\n"))


def _systemd(path: str, expander: Expander) -> Found:
    if re.search(r"^ExecStart=\S", expander.text(path)[:_LIMIT], re.MULTILINE):
        yield _manifest(path, "systemd unit")


def _helm(path: str, expander: Expander) -> Found:
    folder = posixpath.join(posixpath.dirname(path), "templates")
    templates = [p for p in expander.files.paths if p.startswith(f"{folder}/") and p.endswith((".yaml", ".yml"))]
    if text(_yaml(path, expander).get("name")):
        real = any("kind:" in expander.text(p) for p in sorted(templates)[:20])
        yield _manifest(path, "Helm chart", "" if real else "its templates folder has nothing in it")


def _render(path: str, expander: Expander) -> Found:
    services = [mapping(s) for s in sequence(_yaml(path, expander).get("services"))]
    for service in services[:10]:
        command = text(service.get("startCommand")) or text(service.get("dockerCommand"))
        docker = "docker" in {str(text(service.get(k))) for k in ("env", "runtime")} or service.get("image")
        lacks = "" if command or docker else "its service starts nothing"
        file = text(service.get("dockerfilePath")) or "Dockerfile"
        if not command and docker and not service.get("image") and posixpath.normpath(file) not in expander.files.paths:
            lacks = lacks or f"{file} is not here"
        yield _manifest(path, "Render blueprint", lacks or _lost(command, path, expander))


def _lost(command: str, path: str, expander: Expander) -> str:
    """Return what a start command names that is not here."""
    place = Place(path=path, line=1, origin="other", cwd=posixpath.dirname(path))
    given = expander.commands(command, place) if command else []
    lost = [c.names_missing for c in given if c.names_missing is not None]
    return f"{lost[0]} is not here" if lost and not any(c.runs for c in given) else ""


def _app_engine(path: str, expander: Expander) -> Found:
    tree = _yaml(path, expander)
    if text(tree.get("runtime")) and not tree.get("apiVersion"):
        yield _manifest(path, "App Engine", _lost(str(text(tree.get("entrypoint"))), path, expander))
    elif tree.get("apiVersion"):
        yield from _kubernetes(path, expander)


def _serverless(path: str, expander: Expander) -> Found:
    tree = _yaml(path, expander)
    functions = [mapping(f) for f in mapping(tree.get("functions")).values()]
    if not tree.get("provider") or not functions:
        return
    handlers = [str(text(f.get("handler"))) for f in functions if text(f.get("handler"))]
    lost = [h for h in handlers if not _is_module(h.rpartition(".")[0], posixpath.dirname(path), expander)]
    yield _manifest(path, "Serverless Framework", f"{lost[0]} is not here" if lost else "")


def _sam(path: str, expander: Expander) -> Found:
    tree = _yaml(path, expander)
    resources = mapping(tree.get("Resources"))
    if resources and (tree.get("AWSTemplateFormatVersion") or tree.get("Transform")):
        yield _manifest(path, "CloudFormation template")


def _is_module(dotted: str, folder: str, expander: Expander) -> bool:
    file = dotted.replace(".", "/") if "/" not in dotted else dotted
    ends = (f"{file}.py", f"{file}/__init__.py", f"{file}.js", f"{file}.ts")
    return any(posixpath.normpath(posixpath.join(folder, end)) in expander.files.paths for end in ends)


def _fly(path: str, expander: Expander) -> Found:
    tree = _toml(path, expander)
    if tree.get("app") or tree.get("build") or tree.get("http_service") or tree.get("services"):
        yield _manifest(path, "Fly.io")


def _railway(path: str, expander: Expander) -> Found:
    tree = _toml(path, expander) if path.endswith(".toml") else _json(path, expander)
    deploy = tree.get("deploy")
    command = str(deploy.get("startCommand") or "") if isinstance(deploy, dict) else ""
    if tree.get("build") or deploy:
        yield _manifest(path, "Railway", _lost(command, path, expander))


def _heroku_app(path: str, expander: Expander) -> Found:
    tree = _json(path, expander)
    if tree.get("name") and {"buildpacks", "formation", "stack", "env", "addons", "repository"} & set(tree):
        yield _manifest(path, "Heroku app.json")


def _heroku_yml(path: str, expander: Expander) -> Found:
    tree = _yaml(path, expander)
    if tree.get("build") or tree.get("run"):
        yield _manifest(path, "heroku.yml")


def _vercel(path: str, expander: Expander) -> Found:
    tree = _json(path, expander)
    builds = tree.get("builds")
    sources = (
        [str(b.get("src")) for b in builds if isinstance(b, dict) and b.get("src")] if isinstance(builds, list) else []
    )
    folder = posixpath.dirname(path)
    lost = [
        s for s in sources if "*" not in s and posixpath.normpath(posixpath.join(folder, s)) not in expander.files.paths
    ]
    if sources or tree.get("functions") or tree.get("rewrites") or tree.get("routes") or tree.get("buildCommand"):
        yield _manifest(path, "Vercel", f"{lost[0]} is not here" if lost else "")


def _bento(path: str, expander: Expander) -> Found:
    named = str(text(_yaml(path, expander).get("service")))
    if named:
        module = named.partition(":")[0].removesuffix(".py")
        here = _is_module(module, posixpath.dirname(path), expander)
        yield _manifest(path, "BentoML bento", "" if here else f"{named} is not here")


def _cog(path: str, expander: Expander) -> Found:
    named = str(text(_yaml(path, expander).get("predict")))
    if named:
        file = posixpath.join(posixpath.dirname(path), named.partition(":")[0])
        yield _manifest(path, "Cog", "" if file in expander.files.paths else f"{named} is not here")


def _keyed(what: str, *keys: str) -> Callable[[str, Expander], Found]:
    """Return a reader of YAML or JSON manifests that hold one of ``keys``."""

    def read(path: str, expander: Expander) -> Found:
        tree = (
            _json(path, expander)
            if path.endswith(".json") or "." not in posixpath.basename(path)
            else _yaml(path, expander)
        )
        if any(tree.get(key) for key in keys):
            yield _manifest(path, what)

    return read


def _cloud_build(path: str, expander: Expander) -> Found:
    tree = _yaml(path, expander)
    for item in sequence(tree.get("steps")):
        step = mapping(item)
        tool = str(text(step.get("name"))).rpartition("/")[2].partition(":")[0]
        argv = (tool, *(str(a) for a in texts(step.get("args"))))
        if deploys((*argv[1:],) if argv[1:2] in {("gcloud",), ("kubectl",), ("docker",)} else _cloud(argv)):
            yield _manifest(path, "Cloud Build", line=getattr(step.get("name"), "line", 1))
            return
    if sequence(tree.get("images")):
        yield _manifest(path, "Cloud Build")


def _cloud(argv: tuple[str, ...]) -> tuple[str, ...]:
    names = {"cloud-sdk": "", "gcloud": "gcloud", "docker": "docker", "kubectl": "kubectl"}
    first = names.get(argv[0], argv[0])
    return (first, *argv[1:]) if first else argv[1:]


def _space(path: str, expander: Expander) -> Found:
    """Yield a Hugging Face Space, which the head of the README configures."""
    if posixpath.dirname(path):
        return
    head = _FRONT_MATTER.match(expander.text(path)[:5_000])
    tree = mapping(yaml_tree.load(path, head[1])) if head is not None else {}
    sdk = str(text(tree.get("sdk")))
    if sdk not in _SPACES:
        return
    file = str(text(tree.get("app_file"))) or {"docker": "Dockerfile", "static": "index.html"}.get(sdk, "app.py")
    here = posixpath.normpath(file) in expander.files.paths
    yield _manifest(path, "Hugging Face Space", "" if here else f"{file} is not here")


_BY_NAME: dict[str, Callable[[str, Expander], Found]] = {
    "Chart.yaml": _helm,
    "render.yaml": _render,
    "app.yaml": _app_engine,
    "app.yml": _app_engine,
    "serverless.yml": _serverless,
    "serverless.yaml": _serverless,
    "template.yaml": _sam,
    "template.yml": _sam,
    "fly.toml": _fly,
    "railway.json": _railway,
    "railway.toml": _railway,
    "app.json": _heroku_app,
    "heroku.yml": _heroku_yml,
    "vercel.json": _vercel,
    "bentofile.yaml": _bento,
    "cog.yaml": _cog,
    "cloudbuild.yaml": _cloud_build,
    "cloudbuild.yml": _cloud_build,
    "README.md": _space,
    "readme.md": _space,
    "Dockerrun.aws.json": _keyed("Elastic Beanstalk", "Image", "containerDefinitions"),
    "apprunner.yaml": _keyed("App Runner", "run", "runtime"),
    "captain-definition": _keyed("CapRover", "dockerfilePath", "dockerfileLines", "imageName"),
    "skaffold.yaml": _keyed("Skaffold", "build", "deploy"),
    "prefect.yaml": _keyed("Prefect deployments", "deployments"),
    "databricks.yml": _keyed("Databricks bundle", "resources", "bundle"),
    "azure.yaml": _keyed("Azure Developer CLI", "services"),
    "Pulumi.yaml": _keyed("Pulumi", "runtime"),
    "cdk.json": _keyed("AWS CDK", "app"),
    "firebase.json": _keyed("Firebase", "functions", "hosting"),
    "docker-stack.yml": _keyed("Docker stack", "services"),
}
