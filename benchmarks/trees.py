"""Which repositories are the times taken on? Two of real code, made anew each time: the standard library's modules, committed."""

from __future__ import annotations

import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_LEFT_OUT = {"test", "tests", "idle_test", "site-packages", "__pycache__", "turtledemo", "encodings"}
_SMALLEST, _LARGEST = 1_000, 24_000
_BEGINNING = 1_700_000_000
_HOUR = 3_600
_VERBS = ("Add", "Fix", "Rename", "Test", "Simplify", "Document", "Speed up", "Split", "Remove", "Check")
_TRAINING = '''"""Trains model {n} on the {name} table."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TARGET = "{name}"
SEED = {n}


def load_{name}(path: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Return rows and labels of the {name} table."""
    frame = pd.read_csv(path).dropna(subset=[TARGET])
    frame["ratio_{n}"] = frame["a"] / frame["b"].clip(lower={n} + 1)
    return frame.drop(columns=[TARGET]), frame[TARGET]


def train_{name}(rows: pd.DataFrame, labels: pd.Series) -> GridSearchCV:
    """Search the best forest."""
    pipeline = make_pipeline(StandardScaler(), RandomForestClassifier(random_state=SEED))
    search = GridSearchCV(pipeline, {{"randomforestclassifier__max_depth": [{n}, {n} + 2, None]}}, cv=5, scoring="f1")
    return search.fit(rows, labels)


def evaluate_{name}(model: GridSearchCV, rows: pd.DataFrame, labels: pd.Series) -> dict[str, float]:
    """Return metrics on rows that were held out, and those of a simple model."""
    predicted = model.predict(rows)
    scores = {{"accuracy": accuracy_score(labels, predicted), "f1": f1_score(labels, predicted)}}
    scores["auc"] = roc_auc_score(labels, model.predict_proba(rows)[:, 1])
    simple = LogisticRegression(max_iter={n} + 200).fit(rows, labels)
    scores["simple"] = accuracy_score(labels, simple.predict(rows))
    return scores


def main() -> None:
    """Train, evaluate and save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("data/{name}.csv"))
    rows, labels = load_{name}(parser.parse_args().data)
    train_rows, test_rows, train_labels, test_labels = train_test_split(rows, labels, test_size=0.2, random_state=SEED)
    model = train_{name}(train_rows, train_labels)
    scores = evaluate_{name}(model, test_rows, test_labels)
    print(json.dumps(scores, indent=2))
    joblib.dump(model.best_estimator_, "models/{name}.joblib")


if __name__ == "__main__":
    main()
'''
_TEST = "from jobs.job_{n:02} import load_table_{n}\n\n\ndef test_load(tmp_path):\n    (tmp_path / 'x.csv').write_text('a,b,table_{n}\\n1,2,0\\n')\n    rows, labels = load_table_{n}(tmp_path / 'x.csv')\n    assert len(rows) == len(labels) == 1\n"
_README = "# A project to be timed\n\nIt predicts things from tables.\n\n## Install\n\n```\npip install -r requirements.txt\n```\n\n## Run\n\n```\npython jobs/job_00.py\n```\n\n## Results\n\n| model | accuracy |\n|---|---|\n| forest | 0.91 |\n"


def files(count: int) -> dict[str, bytes]:
    """Return ``count`` Python files, a tenth of which train a model or test that, and what a project has beside them."""
    jobs = max(2, count // 20)
    made = {f"jobs/job_{n:02}.py": _TRAINING.format(n=n, name=f"table_{n}").encode() for n in range(jobs)}
    made |= {f"tests/test_job_{n:02}.py": _TEST.format(n=n).encode() for n in range(jobs)}
    library = _library()
    while len(made) < count:
        path, content = next(library)
        made[f"src/project/{path}"] = content
    made["README.md"] = _README.encode()
    made["requirements.txt"] = b"pandas==2.2.3\nscikit-learn==1.6.1\njoblib==1.4.2\n"
    return made


def _library() -> Iterator[tuple[str, bytes]]:
    """Yield modules of the standard library of usual size, by path."""
    root = Path(sysconfig.get_paths()["stdlib"])
    folders = sorted(f for f in root.iterdir() if f.is_dir() and f.name not in _LEFT_OUT)
    for path in [*sorted(root.glob("*.py")), *(p for folder in folders for p in sorted(folder.rglob("*.py")))]:
        inside = path.relative_to(root)
        if not _LEFT_OUT & set(inside.parts) and _SMALLEST <= path.stat().st_size <= _LARGEST:
            yield inside.as_posix(), path.read_bytes()


def repository(folder: Path, content: dict[str, bytes], *, commits: int) -> Path:
    """Return a repository at ``folder`` with ``content``, made in ``commits`` steps by two people."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    with subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        for piece in _stream(content, commits):
            importing.stdin.write(piece)
    if importing.returncode:
        raise RuntimeError("git fast-import failed")
    subprocess.run(["git", "-C", str(folder), "reset", "--quiet", "--hard"], check=True)
    return folder


def _stream(content: dict[str, bytes], commits: int) -> Iterator[bytes]:
    paths = sorted(content)
    for number in range(commits):
        author = b"Ada Example <ada@example.org>" if number % 3 else b"Ben Example <ben@example.org>"
        when = b"%d +0000" % (_BEGINNING + number * _HOUR)
        path = paths[number % len(paths)]
        message = f"{_VERBS[number % len(_VERBS)]} {path.rpartition('/')[2]}, step {number}\n".encode()
        yield b"commit refs/heads/main\n"
        yield b"author %s %s\ncommitter %s %s\n" % (author, when, author, when)
        yield b"data %d\n%s\n" % (len(message), message)
        changed = paths if number == 0 else [path]
        for name in changed:
            last = number >= commits - len(paths) or number == 0
            data = content[name] if last else content[name] + b"\n# step %d\n" % number
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data)
