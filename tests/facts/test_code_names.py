"""Are calls named after what they call: through imports, aliases, assignments, constructors and results?"""

from __future__ import annotations

import pytest

from tests.facts.programs import names, notebook, program

LR = "sklearn.linear_model.LogisticRegression"
SVC = "sklearn.svm.SVC"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("open('x')", ["open"], id="builtin"),
        pytest.param("load()", ["load"], id="undefined"),
        pytest.param("import numpy as np\nnp.random.seed(0)", ["numpy.random.seed"], id="import as"),
        pytest.param("import os.path\nos.path.join('a')", ["os.path.join"], id="submodule import binds its top"),
        pytest.param("import sklearn.svm as s\ns.SVC()", [SVC], id="submodule import as"),
        pytest.param(
            "from sklearn.model_selection import train_test_split as tts\nsplit = tts\nsplit(1)",
            ["sklearn.model_selection.train_test_split"],
            id="alias of an alias",
        ),
        pytest.param(
            "import sklearn as sk\nm = sk.linear_model\nm.LogisticRegression().fit(1)",
            [LR, f"{LR}.fit"],
            id="alias of a submodule",
        ),
        pytest.param("from sklearn.svm import SVC\nm = SVC()\nm.fit(1)", [SVC, f"{SVC}.fit"], id="constructor"),
        pytest.param(
            "from sklearn.svm import SVC\nm = SVC().fit(1)\nm.predict(2)",
            [SVC, f"{SVC}.fit", f"{SVC}.predict"],
            id="fit gives the model back",
        ),
        pytest.param(
            "from sklearn.svm import SVC\nclass T:\n    def __init__(self):\n        self.model = SVC()\n"
            "    def run(self):\n        self.model.fit(1)",
            [SVC, f"{SVC}.fit"],
            id="attribute of self",
        ),
        pytest.param(
            "from sklearn.svm import SVC\nclass T:\n    model = SVC()\nT().model.fit(1)",
            [SVC, "a.T", f"{SVC}.fit"],
            id="class attribute",
        ),
        pytest.param(
            "from sklearn.svm import SVC\ndef f(m: SVC, n: 'SVC | None' = None):\n    m.fit(1)\n    n.fit(1)",
            [f"{SVC}.fit", f"{SVC}.fit"],
            id="annotated parameters",
        ),
        pytest.param(
            "from sklearn.svm import SVC\ndef f(m):\n    m.fit(1)\nf(SVC())", [f"{SVC}.fit", "a.f", SVC], id="passed by a caller"
        ),
        pytest.param(
            "from sklearn.svm import SVC\ndef f(x, *, m=SVC()):\n    m.fit(1)", [SVC, f"{SVC}.fit"], id="default of a parameter"
        ),
        pytest.param(
            "from sklearn.svm import SVC\nms = {'a': SVC()}\nms['a'].fit(1)\nfor k, m in ms.items():\n    m.fit(2)",
            [SVC, f"{SVC}.fit", "dict.items", f"{SVC}.fit"],
            id="dict of models",
        ),
        pytest.param(
            "from sklearn.svm import SVC\nms = []\nms.append(SVC())\nfor i, m in enumerate(ms):\n    m.fit(1)",
            ["list.append", SVC, "enumerate", f"{SVC}.fit"],
            id="list filled later",
        ),
        pytest.param(
            "from sklearn.svm import SVC\n[m.fit(1) for n, m in [('a', SVC())]]", [f"{SVC}.fit", SVC], id="comprehension over pairs"
        ),
        pytest.param(
            "from sklearn.svm import SVC\ndef build(n):\n    m = SVC()\n    return m, n\nmodel, k = build(1)\nmodel.fit(1)",
            [SVC, "a.build", f"{SVC}.fit"],
            id="result of an own function, unpacked",
        ),
        pytest.param(
            "from sklearn.svm import SVC\ndef inner():\n    return SVC()\ndef outer():\n    return inner()\nouter().fit(1)",
            [SVC, "a.inner", "a.outer", f"{SVC}.fit"],
            id="result of a result",
        ),
        pytest.param("def f(x) -> 'Missing':\n    return x\nf(1).go()", ["a.f", "a.f().go"], id="result that nothing is known of"),
        pytest.param(
            "import pandas as pd\npd.read_csv('x').drop('a').groupby('b').mean()",
            ["pandas.read_csv", "pandas.DataFrame.drop", "pandas.DataFrame.groupby", "pandas.DataFrame.groupby().mean"],
            id="chain of known and unknown results",
        ),
        pytest.param(
            "import pandas as pd\ndf = pd.read_csv('x')\ndf['a'].mean()", ["pandas.read_csv", "pandas.DataFrame[].mean"], id="item"
        ),
        pytest.param("import sklearn.datasets as d\nd.load_iris().keys()", ["sklearn.datasets.load_iris", "sklearn.datasets.load_iris().keys"], id="unknown result"),
        pytest.param("with open('x') as f:\n    f.read()", ["open", "open().read"], id="with"),
        pytest.param("'a,b'.split(',')", ["str.split"], id="constant"),
        pytest.param("x = ['a']\nx.append('b')", ["list.append"], id="list"),
        pytest.param("def f(df):\n    df.head()", [".head"], id="receiver unknown"),
        pytest.param("def f(g):\n    g(1)", [".__call__"], id="callee unknown"),
        pytest.param(
            "import torch\nclass Net(torch.nn.Module):\n    pass\nnet = Net().to('cpu')\nnet.parameters()\nnet(1)",
            ["a.Net", "torch.nn.Module.to", "torch.nn.Module.parameters", "torch.nn.Module.__call__"],
            id="inherited from a library",
        ),
        pytest.param(
            "class A:\n    def go(self):\n        pass\nclass B(A):\n    def run(self):\n        self.go()\n        super().go()\nB().go()",
            ["a.A.go", "super", "a.A.go", "a.B", "a.A.go"],
            id="inherited from an own class",
        ),
        pytest.param(
            "class A:\n    @property\n    def rows(self):\n        return []\nA().rows.append(1)",
            ["a.A", "list.append"],
            id="property",
        ),
        pytest.param(
            "class A:\n    @classmethod\n    def make(cls):\n        return cls()\n    @staticmethod\n    def add(x):\n        x.go()\nA.make().add(1)",
            ["a.A", "int.go", "a.A.make", "a.A.add"],
            id="class and static methods",
        ),
        pytest.param("from sklearn.svm import *\nSVC().fit(1)", [SVC, f"{SVC}.fit"], id="star import of a library"),
        pytest.param("(lambda q: q.go())(1)", [".__call__", ".go"], id="lambda"),
        pytest.param("if (m := open('x')):\n    m.read()", ["open", "open().read"], id="named expression"),
        pytest.param(
            "from functools import partial\nfrom sklearn.svm import SVC\nmake = partial(SVC, C=1)\nmake().fit(1)",
            ["functools.partial", SVC, f"{SVC}.fit"],
            id="partial",
        ),
        pytest.param("x = x.go()\n", [".go"], id="bound by itself"),
        pytest.param("def f():\n    return f()\nf().go()", ["a.f", "a.f", "a.f().go"], id="calls itself"),
        pytest.param("class A(A):\n    pass\nA().go()", ["a.A", "a.A.go"], id="its own base"),
        pytest.param("import numpy as np\nx = np.zeros(3) * 2\nx.sum()", ["numpy.zeros", "numpy.ndarray.sum"], id="operation"),
        pytest.param("global_ = open\ndef f():\n    global h\n    h = open('x')\ndef g():\n    h.read()", ["open", "open().read"], id="global statement"),
        pytest.param("import a\na.b()", ["a.b"], id="imports itself"),
        pytest.param("for a, b in zip([open('x')], ['y']):\n    a.read(), b.upper()", ["zip", "open", "open().read", "str.upper"], id="zip"),
        pytest.param("d = dict(a=open('x'))\nd.get('a').read()\nd.copy()['a'].read()\nd.pop('a').read()", ["dict", "open", "dict.get", "open().read", "dict.copy", "open().read", "dict.pop", "open().read"], id="methods of a dict"),
        pytest.param("d = {}\nd['a'] = open('x')\nd['a'].read()\nfor v in d.values():\n    v.read()", ["open", "open().read", "dict.values", "open().read"], id="dict filled later"),
        pytest.param("for k in {'a': 1}:\n    k.upper()", ["str.upper"], id="keys"),
        pytest.param("import os\ngetattr(os, 'path').join('x')", ["getattr", "os.path.join"], id="getattr"),
        pytest.param("class A:\n    def go(self): pass\ntype(A())().go()", ["type", "a.A", "a.A.go", "a.A"], id="type of an instance"),
        pytest.param("next(iter([open('x')])).read()", ["next", "open().read", "iter", "open"], id="next"),
        pytest.param("sorted([open('x')])[0].read()\nsorted(x).sort()", ["sorted", "open().read", "open", "sorted", "list.sort"], id="sorted"),
        pytest.param("from contextlib import contextmanager\n@contextmanager\ndef opened():\n    yield open('x')\nwith opened() as f:\n    f.read()", ["open", "a.opened", "open().read"], id="context manager"),
        pytest.param("def f() -> 'Optional[A]': pass\nclass A:\n    def go(self): pass\nf().go()", ["a.f", "a.A.go"], id="annotated result"),
        pytest.param("from typing import Union\nclass A:\n    x: 'Union[None, A]'\n    def go(self): self.x.go()", ["a.A.go"], id="annotated attribute"),
        pytest.param("class A:\n    def __call__(self): return open('x')\nA()().read()", ["open", "a.A", "a.A.__call__", "open().read"], id="called instance"),
        pytest.param("while (f := open('x')):\n    f.read()\nelse:\n    f.close()", ["open", "open().read", "open().close"], id="while"),
        pytest.param("match open('x'):\n    case A(b=c) if c.d():\n        c.go()\n    case [*e]:\n        e.go()", ["open", ".d", ".go", ".go"], id="match"),
        pytest.param("try:\n    f = open('x')\nexcept OSError as e:\n    e.go()\nelse:\n    f.read()\nfinally:\n    f.close()", ["open", "OSError.go", "open().read", "open().close"], id="try"),
        pytest.param("async def f():\n    async with open('x') as g:\n        async for h in g:\n            await h.go()", ["open", "open()[].go"], id="coroutine"),
        pytest.param("class A:\n    def f(self):\n        def g():\n            self.h.go()\n        self.h = open('x')", ["open().go", "open"], id="self in a nested function"),
        pytest.param("def f():\n    x = open('a')\n    def g():\n        nonlocal x\n        x = [1]\n    x.read()", ["open", "list.read"], id="nonlocal"),
        pytest.param("a, *b = [open('x'), open('y')]\na.read()\nb[0].read()", ["open", "open", "open().read", "open().read"], id="unpacked with a star"),
        pytest.param("x: 'no such (annotation' = open('y')\nx.read()", ["open", "open().read"], id="annotation that is no Python"),
        pytest.param("f'{open(1)}'.upper()\n(yield open(2)).go()", ["str.upper", "open", ".go", "open"], id="f-string and yield"),
        pytest.param("{k: v.read() for k, v in {'a': open('x')}.items() if k.upper()}['b'].go()", ["open().read().go", "open().read", "dict.items", "open", "str.upper"], id="dict comprehension"),
    ],
)  # fmt: skip
def test_names(source: str, expected: list[str]) -> None:
    assert names(source) == expected


def test_a_repeated_unpacking_of_a_long_path_ends() -> None:
    """A path longer than the limit is unknown."""
    assert names("import os\n" + "x" + " = os" + ".aaaaaaaaaa" * 30 + "\nx.go()") == [".go"]


def test_the_latest_binding_counts() -> None:
    source = "from sklearn.svm import SVC\nm = SVC()\nm.fit(1)\nm = open('x')\nm.read()"

    assert names(source) == [SVC, f"{SVC}.fit", "open", "open().read"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "if x:\n    m = SVC()\nelse:\n    m = LR()\nm.fit(1)", (f"{LR}.fit", f"{SVC}.fit"), id="both arms"
        ),
        pytest.param("if x:\n    m = SVC()\n    m.fit(1)\nelse:\n    m = LR()", (f"{SVC}.fit",), id="own arm only"),
        pytest.param(
            "m = LR()\nif x:\n    m = SVC()\nm.fit(1)", (f"{SVC}.fit", f"{LR}.fit"), id="one arm may be skipped"
        ),
        pytest.param("m = SVC() if x else LR()\nm.fit(1)", (f"{SVC}.fit", f"{LR}.fit"), id="conditional expression"),
        pytest.param("for m in [SVC(), LR()]:\n    m.fit(1)", (f"{SVC}.fit", f"{LR}.fit"), id="one of a list"),
    ],
)
def test_other_candidates(source: str, expected: tuple[str, ...]) -> None:
    head = "from sklearn.svm import SVC\nfrom sklearn.linear_model import LogisticRegression as LR\n"
    call = next(c for c in program({"a.py": head + source}).module("a.py").calls if c.name.endswith(".fit"))

    assert (call.name, *call.others) == expected


FILES = {
    "pkg/__init__.py": "from .core import build\nfrom . import data as store\n",
    "pkg/core.py": "from sklearn.svm import SVC\nclass Model(SVC):\n    def go(self): pass\ndef build():\n    return Model()\n",
    "pkg/data.py": "import pandas as pd\nTABLE = pd.DataFrame()\ndef load():\n    return pd.read_csv('x')\n",
    "src/tools.py": "def helper(): pass\n",
    "scripts/near.py": "def beside(): pass\n",
}


@pytest.mark.parametrize(
    ("path", "source", "expected", "local"),
    [
        pytest.param("run.py", "import pkg\npkg.build()", "pkg.core.build", "pkg/core.py::build", id="re-export"),
        pytest.param("run.py", "from pkg import build as b\nb().go()", "pkg.core.Model.go", "pkg/core.py::Model.go", id="method of a result"),
        pytest.param("run.py", "from pkg.core import Model\nModel().predict(1)", "sklearn.svm.SVC.predict", None, id="inherited over a module"),
        pytest.param("run.py", "import pkg.data\npkg.data.load()", "pkg.data.load", "pkg/data.py::load", id="dotted import"),
        pytest.param("run.py", "from pkg import store\nstore.load().head()", "pandas.DataFrame.head", None, id="module under another name"),
        pytest.param("run.py", "from pkg.core import *\nbuild()", "pkg.core.build", "pkg/core.py::build", id="star import"),
        pytest.param("run.py", "from pkg.data import TABLE\nTABLE.drop('a')", "pandas.DataFrame.drop", None, id="global of a module"),
        pytest.param("pkg/sub.py", "from .data import load\nload()", "pkg.data.load", "pkg/data.py::load", id="relative import"),
        pytest.param("pkg/deep/x.py", "from .. import data\ndata.load()", "pkg.data.load", "pkg/data.py::load", id="relative, two up"),
        pytest.param("run.py", "from src.tools import helper\nhelper()", "tools.helper", "src/tools.py::helper", id="src as a package"),
        pytest.param("run.py", "from tools import helper\nhelper()", "tools.helper", "src/tools.py::helper", id="src as a root"),
        pytest.param("run.py", "import src.tools\nsrc.tools.helper()", "tools.helper", "src/tools.py::helper", id="folder without __init__"),
        pytest.param("scripts/run.py", "from near import beside\nbeside()", "scripts.near.beside", "scripts/near.py::beside", id="sibling script"),
        pytest.param("notebooks/n.py", "from pkg.core import build\nbuild()", "pkg.core.build", "pkg/core.py::build", id="from a folder beside"),
        pytest.param("notebooks/n.py", "import sys\nsys.path.insert(0, '../scripts')\nfrom near import beside\nbeside()", "scripts.near.beside", "scripts/near.py::beside", id="sys.path constant"),
        pytest.param("notebooks/n.py", "import sys, os\nsys.path.append(os.path.join(os.path.dirname(__file__), '..', 'scripts'))\nfrom near import beside\nbeside()", "scripts.near.beside", "scripts/near.py::beside", id="sys.path by os.path"),
        pytest.param("notebooks/n.py", "import sys\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parents[1]\nsys.path.append(str(ROOT / 'scripts'))\nfrom near import beside\nbeside()", "scripts.near.beside", "scripts/near.py::beside", id="sys.path by pathlib"),
        pytest.param("run.py", "from near import beside\nbeside()", "near.beside", None, id="not on any path"),
    ],
)  # fmt: skip
def test_names_across_modules(path: str, source: str, expected: str, local: str | None) -> None:
    calls = program({**FILES, path: source}).module(path).calls

    assert (expected, local) in [(c.name, c.local) for c in calls]


def test_notebook_cells_share_their_names() -> None:
    """A name bound in one cell is known in the next, and spans count from the cell's first line."""
    made = program({"n.ipynb": notebook("from sklearn.svm import SVC\nm = SVC()", "%matplotlib inline\n\nm.fit(1)")})
    calls = made.module("n.ipynb").calls

    assert [(c.name, c.at.cell, c.at.start) for c in calls] == [(SVC, 0, 2), (f"{SVC}.fit", 1, 3)]


def test_arguments_and_bindings() -> None:
    source = "from sklearn.svm import SVC\nSEED = 1\ndef f(x):\n    m, n = SVC(-1.5, 'a', SEED, SVC, g(x)[0], *x, k=None, **x)\n"
    call = program({"a.py": source}).module("a.py").calls[0]

    assert call.binds == ("m", "n")
    assert call.scope == "f"
    assert [(a.keyword, a.value.kind, a.value.text) for a in call.args] == [
        (None, "constant", "-1.5"),
        (None, "constant", "'a'"),
        (None, "name", "SEED"),
        (None, "name", SVC),
        (None, "other", "g(x)[0]"),
        ("*", "name", "x"),
        ("k", "constant", "None"),
        ("**", "name", "x"),
    ]


@pytest.mark.parametrize(
    ("source", "receiver"),
    [
        pytest.param("m.fit(1)", "m", id="name"),
        pytest.param("self.model.fit(1)", "self.model", id="attribute"),
        pytest.param("é['ü'].fit(1)", "é['ü']", id="beyond ASCII"),
        pytest.param("fit(1)", None, id="function"),
        pytest.param(f"{'x' * 300}.fit(1)", "x" * 100, id="long"),
    ],
)
def test_receivers(source: str, receiver: str | None) -> None:
    assert program({"a.py": source}).module("a.py").calls[0].receiver == receiver
