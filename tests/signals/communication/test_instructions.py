"""communication.readme-install and readme-run: what a reader can type."""

from __future__ import annotations

import pytest

from evaluator.facts.code import Code
from evaluator.facts.packaging import Packaging
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Missing
from evaluator.signals.communication.instructions import readme_install, readme_run
from tests.documents import Files, known, level, notebook, prose_of

CODE = {"main.py": "import pandas\nprint(pandas)\n", "requirements.txt": "pandas\n"}
NO_CODE = Missing(fact="Code", cause="failed")


def install(files: Files) -> Answer:
    return readme_install(prose_of(files), known(Code, files), known(Packaging, files), known(Tree, files))


def run(files: Files) -> Answer:
    return readme_run(prose_of(files), known(Code, files), known(Packaging, files), known(Tree, files))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("```bash\npip install -r requirements.txt\n```", 2, id="pip"),
        pytest.param("```\n$ pip3 install pandas\n```", 2, id="pip3 with a prompt"),
        pytest.param("`python -m pip install .`", 2, id="python -m pip"),
        pytest.param("```powershell\nPS C:\\x> py -3.11 -m pip install -r requirements.txt\n```", 2, id="powershell"),
        pytest.param("```\nconda env create -f environment.yml\n```", 1, id="its file is missing"),
        pytest.param("```\nconda create -n x python=3.11\n```", 2, id="conda"),
        pytest.param("- uv sync\n", 2, id="uv, in an item"),
        pytest.param("```\npoetry install\n```", 2, id="poetry"),
        pytest.param("```\nuv run main.py\n```", 2, id="uv run sees to it"),
        pytest.param("```\ndocker compose up --build\n```", 2, id="compose"),
        pytest.param("```\nmake setup\n```", 2, id="make"),
        pytest.param("<pre><code>pip install pandas</code></pre>", 2, id="html"),
        pytest.param("```python\n!pip install pandas\n```", 2, id="notebook style"),
        pytest.param("## Requirements\n\n- Python 3.11\n- pandas\n", 1, id="a list of requirements"),
        pytest.param("Install the libraries listed in requirements.txt first.", 1, id="a sentence"),
        pytest.param("## Instalación\n\nSe necesitan pandas y numpy.\n", 1, id="es"),
        pytest.param("## 依赖\n\n需要 pandas 和 numpy。\n", 1, id="zh"),
        pytest.param(
            "Installer dans le repository local :\n\nmvn install\nmvn org.plugins:plugin:2.5.2:install-file -Dfile=x.jar",
            2,
            id="maven, no code block",
        ),
        pytest.param("```\n./gradlew build\n```", 2, id="gradle"),
        pytest.param("```\ncargo build --release\n```", 2, id="cargo"),
        pytest.param("```\ngo mod download\n```", 2, id="go"),
        pytest.param("```\nmkdir build && cd build\ncmake ..\nmake\n```", 2, id="cmake"),
        pytest.param('```r\ninstall.packages(c("dplyr", "caret"))\n```', 2, id="R"),
        pytest.param("```r\nrenv::restore()\n```", 2, id="renv"),
        pytest.param("```\nRscript -e 'install.packages(\"dplyr\")'\n```", 2, id="R from a shell"),
        pytest.param("```\njulia --project -e 'using Pkg; Pkg.instantiate()'\n```", 2, id="julia"),
        pytest.param("```\nyarn install\n```", 2, id="yarn"),
        pytest.param("```\nmvn exec:java\n```", 0, id="maven, run only"),
        pytest.param("Go get the counts of the city first.", 0, id="a sentence that begins like a command"),
        pytest.param("```\npip install --upgrade pip\n```", 0, id="only pip itself"),
        pytest.param("```\npython -m venv .venv\nsource .venv/bin/activate\n```", 0, id="an empty environment"),
        pytest.param("```\ngit clone https://example.org/x\n```", 0, id="a clone"),
        pytest.param("<!-- `pip install pandas` -->", 0, id="hidden"),
        pytest.param("![pip install](https://img.shields.io/badge/pip-install-green.svg)", 0, id="a badge"),
        pytest.param("# Title", 0, id="nothing"),
    ],
)
def test_readme_install(text: str, expected: int) -> None:
    assert expected == level(install({"README.md": text, **CODE}))


def test_readme_install_reads_other_documents() -> None:
    assert level(install({**CODE, "README.md": "See docs.", "docs/setup.md": "`pip install .`"})) == 2
    assert level(install({**CODE, "CONTRIBUTING.md": "`pip install .`"})) == 0


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"main.py": "import os\nprint(os)\n", "README.md": "x"}, "NotApplicable", id="standard library only"
        ),
        pytest.param({"README.md": "x"}, "NotApplicable", id="no code"),
        pytest.param({"main.py": "import pandas\nprint(pandas)\n"}, 0, id="needs something"),
        pytest.param({"analysis.R": "library(dplyr)\n"}, 0, id="another language"),
        pytest.param({"main.py": "print 'x'\n"}, 0, id="unreadable code"),
    ],
)
def test_readme_install_not_asked(files: Files, expected: int | str) -> None:
    assert expected == level(install(files))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("```bash\npython main.py --epochs 3\n```", 2, id="script"),
        pytest.param("Run `python main.py`.", 2, id="inline"),
        pytest.param("`python .\\main.py`", 2, id="windows path"),
        pytest.param("```\nmake all\n```", 2, id="make"),
        pytest.param("```\nmvn -q compile exec:java\n```", 2, id="maven builds and runs"),
        pytest.param("```\n./gradlew run\n```", 2, id="gradle"),
        pytest.param("```\njava -jar target/bikes.jar\n```", 2, id="java"),
        pytest.param("```\ndocker run --rm image\n```", 2, id="docker"),
        pytest.param("```\nuvicorn app:app\n```", 2, id="service"),
        pytest.param("```\ndvc repro\n```", 2, id="pipeline"),
        pytest.param("Open `analysis.ipynb` and run all cells.", 2, id="a notebook to open"),
        pytest.param("## Usage\n\n1. [analysis](analysis.ipynb)\n", 2, id="a linked notebook"),
        pytest.param(
            "## Usage\n\nFirst read the data,\nthen go on with [the second part](analysis.ipynb).\n",
            2,
            id="linked further down",
        ),
        pytest.param("```\npython manage.py runserver\n```", 1, id="a server whose file is missing"),
        pytest.param("```\njupyter notebook\n```", 2, id="jupyter, there is a notebook"),
        pytest.param("```python\nfrom pkg.core import fit\nfit()\n```", 2, id="an example of a library"),
        pytest.param("```\npython train.py\n```", 1, id="the script is missing"),
        pytest.param("```\npython <script>.py\n```", 1, id="a blank to fill in"),
        pytest.param("## Usage\n\nRun the script.\n", 1, id="a hint"),
        pytest.param("## Ejecución\n\nEjecutar el cuaderno.\n", 1, id="a hint, es"),
        pytest.param("```\npytest -q\n```", 0, id="tests are not the main job"),
        pytest.param("```\npython main.py --help\n```", 0, id="help is not the main job"),
        pytest.param("```\nmake test lint clean\n```", 0, id="side targets"),
        pytest.param("```\npip install -r requirements.txt\n```", 0, id="install only"),
        pytest.param("```\n├── main.py   # run this\n└── analysis.ipynb\n```", 0, id="a tree of files"),
        pytest.param(
            "## Usage\n\n```python\nimport pandas as pd\npd.read_csv('x.csv')\n```", 0, id="another library's example"
        ),
        pytest.param("<!-- python main.py -->", 0, id="hidden"),
        pytest.param("# Title", 0, id="nothing"),
    ],
)
def test_readme_run(text: str, expected: int) -> None:
    more = {"analysis.ipynb": notebook(("code", "x = 1")), "pkg/__init__.py": "", "pkg/core.py": "def fit(): ...\n"}

    assert expected == level(run({"README.md": text, **CODE, **more}))


def test_a_console_script_of_the_project_runs_it() -> None:
    metadata = '[project]\nname = "tool"\nversion = "1"\n[project.scripts]\nforecast = "pkg:main"\n'
    files = {
        "README.md": "```\nforecast --hours 24\n```",
        "pyproject.toml": metadata,
        "pkg/__init__.py": "def main(): ...\n",
    }

    assert level(run(files)) == 2
    assert level(run({**files, "pyproject.toml": ""})) == 0


def test_without_a_tree_a_named_file_is_believed() -> None:
    no_tree = Missing(fact="Tree", cause="failed")
    answer = readme_run(
        prose_of({"README.md": "`python a.py`"}), NO_CODE, Missing(fact="Packaging", cause="failed"), no_tree
    )

    assert level(answer) == 2
