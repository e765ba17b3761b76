"""Can the reader of a README be told something by a comment, a template, a badge or a promise?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import PURPOSE, RUN, readme, told
from tests.imitations.harness import withheld
from tests.imitations.honest import TABULAR
from tests.imitations.repo import Repo

TEMPLATE = """\
There are many great README templates available on GitHub; however, I didn't find one that really suited my needs so I
created this enhanced one. I want to create a README template so amazing that it'll be the last one you ever need.
"""
BUZZWORDS = """\
A cutting-edge, production-grade, fully modular, end-to-end machine learning solution that leverages state-of-the-art
algorithms and industry best practices. Clean architecture, scalable design, robust pipelines and a modern MLOps stack
make it a comprehensive showcase of professional data science.
"""
STACK = (
    "**Built with:** Python, pandas, scikit-learn, MLflow, FastAPI, Docker, Prometheus, GitHub Actions, pytest, ruff.\n"
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(told(Purpose=f"<!--\n{PURPOSE}-->"), id="hidden-comment"),
        pytest.param(told(Purpose=TEMPLATE), id="text-of-the-template"),
        pytest.param(told(Purpose=BUZZWORDS), id="buzzwords-that-fit-any-project"),
        pytest.param(told(Purpose=STACK), id="list-of-tools"),
        pytest.param(
            told(Purpose="").plus("src/term_deposit/__init__.py", f'"""Call lists.\n\n{PURPOSE}"""\n'),
            id="only-in-a-docstring",
        ),
        pytest.param(
            told(Purpose="_Description of the problem, the data and the audience goes here._"), id="to-be-written"
        ),
    ],
)
def test_readme_purpose(repo: Repo) -> None:
    withheld(repo.files, "communication.readme-purpose")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            told(Install="<!-- pip install -e . -->\nInstall the dependencies first.\n"),
            id="command-in-a-hidden-comment",
        ),
        pytest.param(
            told(Install="```bash\npip install -r requirements.txt\n```\n"), id="requirements-file-that-is-not-there"
        ),
        pytest.param(told(Install="```bash\n# the commands to install come here\n```\n"), id="commented-block"),
        pytest.param(
            told(
                Install="```bash\ngit clone https://github.com/riverbank-analytics/term-deposit\ncd term-deposit\n```\n"
            ),
            id="clone-is-no-installation",
        ),
        pytest.param(
            told(Install="The usual Python data stack and a recent pip are needed; installing them is easy.\n"),
            id="words-only",
        ),
        pytest.param(
            told(Install="Coming soon.\n").plus("docs/old/install.txt", "pip install -e .\n"),
            id="note-nobody-is-led-to",
        ),
    ],
)
def test_readme_install(repo: Repo) -> None:
    withheld(repo.files, "communication.readme-install")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(told(Run="Run the script and enjoy.\n"), id="run-the-script"),
        pytest.param(told(Run="```bash\npython main.py --train\n```\n"), id="file-that-is-not-there"),
        pytest.param(told(Run=f"<!--\n{RUN}-->\nSee the code.\n"), id="hidden-comment"),
        pytest.param(told(Run="```bash\npytest\n```\n"), id="tests-are-not-the-main-job"),
        pytest.param(told(Run="```bash\npython --version\ngit status\n```\n"), id="commands-that-do-nothing"),
        pytest.param(told(Run="Open `notebooks/main.ipynb` and run all cells.\n"), id="notebook-that-is-not-there"),
        pytest.param(told(Run="```\n\n```\n"), id="empty-block"),
    ],
)
def test_readme_run(repo: Repo) -> None:
    withheld(repo.files, "communication.readme-run")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            told(Results="| metric | value |\n|---|---|\n| average precision | TBD |\n| recall | – |\n"),
            id="values-to-be-done",
        ),
        pytest.param(
            told(Results="<!-- Average precision: 0.451, recall 0.61 -->\nSee the reports.\n"), id="hidden-comment"
        ),
        pytest.param(
            told(Results="![Results](figures/results.png)\n").plus(
                "figures/results.png", TABULAR.files["docs/figures/candidates.png"]
            ),
            id="picture-only",
        ),
        pytest.param(
            told(Results="The goal is an average precision above 0.45 and a recall of at least 60 %.\n"),
            id="target-not-result",
        ),
        pytest.param(
            told(
                Results="The authors of the data report an AUC of 0.80 with a neural network in their article of 2014.\n"
            ),
            id="score-of-somebody-else",
        ),
        pytest.param(
            told(Results="45 211 calls were analysed in 16 columns; 11.7 % of them ended with a subscription.\n"),
            id="figures-of-the-data",
        ),
        pytest.param(
            told(Results="The model works very well and beats all the others by a wide margin.\n").tail(
                "src/term_deposit/evaluate.py", "\n\n# average precision 0.451, recall 0.61\n"
            ),
            id="number-in-a-code-comment",
        ),
    ],
)
def test_readme_results(repo: Repo) -> None:
    withheld(repo.files, "communication.readme-results")


BADGES = "![build](https://img.shields.io/badge/build-passing-green) ![cov](https://img.shields.io/badge/coverage-98%25-green)\n"


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(told(Overview=BADGES), id="badges"),
        pytest.param(told(Overview="![Importances](docs/figures/importances.png)\n"), id="image-that-is-not-there"),
        pytest.param(
            told(Overview="<!-- ![Chart](figures/chart.png) -->\n").plus(
                "figures/chart.png", TABULAR.files["docs/figures/candidates.png"]
            ),
            id="picture-in-a-hidden-comment",
        ),
        pytest.param(
            told(Overview="![Chart](figures/chart.png)\n").plus("figures/chart.png", b""), id="empty-file-as-picture"
        ),
        pytest.param(
            told(Overview="```markdown\n![Chart](figures/chart.png)\n```\n").plus(
                "figures/chart.png", TABULAR.files["docs/figures/candidates.png"]
            ),
            id="picture-in-a-code-block",
        ),
        pytest.param(
            told(Overview='<img src="https://upload.wikimedia.org/scikit-learn_logo_small.svg" width="120">\n'),
            id="logo-of-a-library",
        ),
    ],
)
def test_readme_visuals(repo: Repo) -> None:
    withheld(repo.files, "communication.readme-visuals")


FIELDS = "| column | meaning |\n|---|---|\n| age | age in years |\n| balance | yearly balance in euros |\n"


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(told(Data="The data is in the data folder. Put your files there.\n"), id="folder-only"),
        pytest.param(
            told(Data=f"<!--\nUCI Bank Marketing, 45 211 rows\n\n{FIELDS}-->\nSee the code.\n"), id="hidden-comment"
        ),
        pytest.param(
            told(
                Data="From [UCI](https://archive.ics.uci.edu).\n\n| column | description |\n|---|---|\n| col1 | TODO |\n"
            ),
            id="table-to-be-filled",
        ),
        pytest.param(
            told().swap(
                "src/term_deposit/data.py",
                '"""Downloads, cleans and splits the calls."""',
                '"""UCI Bank Marketing: 45 211 calls, 17 columns (age, job, balance ...), one row a call."""',
            ),
            id="docstring-only",
        ),
        pytest.param(
            told(Data="High-quality, clean data from a trusted source was used. It has many rows and rich features.\n"),
            id="adjectives",
        ),
    ],
)
def test_data_documented(repo: Repo) -> None:
    withheld(repo.files, "communication.data-documented")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(told(Limitations="None known.\n"), id="none"),
        pytest.param(
            told(Future_work="- try deep learning\n- add more features\n- deploy to the cloud\n"),
            id="list-of-future-work",
        ),
        pytest.param(
            told(
                Limitations="Like every model, this one has limitations. No model is perfect, and results may vary. "
                "Performance depends on the quality of the data.\n"
            ),
            id="platitudes",
        ),
        pytest.param(
            told(
                Limitations="<!-- The calls date from 2008, so the model must be trained again. Blue-collar workers are "
                "found half as often. -->\n"
            ),
            id="hidden-comment",
        ),
        pytest.param(
            told(Limitations="", Trade_offs="TODO: discuss bias, drift and edge cases.\n"), id="to-be-discussed"
        ),
    ],
)
def test_limitations_discussed(repo: Repo) -> None:
    withheld(repo.files, "communication.limitations-discussed")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            told(
                References="[A data-driven approach to predict the success of bank telemarketing](https://doi.org/10.1016/j.dss.2014.03.001)\n"
            ),
            id="paper-of-somebody-else",
        ),
        pytest.param(told(Demo="[Live demo](https://your-app-name.streamlit.app)\n"), id="placeholder"),
        pytest.param(told(Demo="[Live demo](http://localhost:8501)\n"), id="own-machine"),
        pytest.param(
            told(Demo="Built with [Streamlit](https://docs.streamlit.io/).\n"), id="documentation-of-a-library"
        ),
        pytest.param(
            told(
                Video="Pipelines as explained in this [tutorial](https://www.youtube.com/watch?v=dQw4w9WgXcQ) "
                "by the scikit-learn team.\n"
            ),
            id="tutorial-of-somebody-else",
        ),
        pytest.param(
            told(Demo="<!-- https://huggingface.co/spaces/riverbank-analytics/term-deposit -->\nComing soon!\n"),
            id="hidden-comment",
        ),
        pytest.param(told(Demo="[Watch the video](#) · [Read the article]()\n"), id="links-to-nowhere"),
    ],
)
def test_demo_or_writeup(repo: Repo) -> None:
    withheld(repo.files, "communication.demo-or-writeup")


UNLICENSED = (
    TABULAR.without("LICENSE")
    .swap("pyproject.toml", 'license = { file = "LICENSE" }\n', "")
    .section("README.md", "## Licence", None)
    .swap("Dockerfile", "README.md LICENSE ./", "README.md ./")
)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(UNLICENSED.plus("LICENSE", ""), id="empty-file"),
        pytest.param(UNLICENSED.plus("LICENSE", "TODO: choose a licence\n"), id="to-be-chosen"),
        pytest.param(UNLICENSED.tail("README.md", "\n## License\n\nMIT\n"), id="word-in-the-readme"),
        pytest.param(
            UNLICENSED.plus("LICENSE", "Copyright (c) 2024 Riverbank Analytics. All rights reserved.\n"),
            id="all-rights-reserved",
        ),
        pytest.param(
            UNLICENSED.plus("src/term_deposit/static/vendor/jquery/LICENSE", TABULAR.text("LICENSE")),
            id="licence-of-a-vendored-library",
        ),
        pytest.param(
            UNLICENSED.swap("pyproject.toml", 'version = "1.2.0"', 'version = "1.2.0"\n# license = "MIT"'), id="comment"
        ),
        pytest.param(
            UNLICENSED.head("README.md", "![MIT](https://img.shields.io/badge/license-MIT-blue)\n\n"), id="badge"
        ),
    ],
)
def test_license(repo: Repo) -> None:
    withheld(repo.files, "communication.license")


PROMISES = """\
- unit tests run by continuous integration on every push
- served by a FastAPI service with Prometheus monitoring
- packaged with Docker
- SHAP explanations of every prediction
- 5-fold cross-validation and a grid search
- experiments tracked with MLflow
"""
SCRIPT = """\
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

calls = pd.read_csv("bank.csv")
x_train, x_test, y_train, y_test = train_test_split(calls.drop(columns="y"), calls["y"], random_state=0)
model = RandomForestClassifier(random_state=0).fit(x_train, y_train)
print(model.score(x_test, y_test))
"""
PROMISED = readme(Install="", Run="```bash\npython train.py\n```\n", Features=PROMISES)
SHELL = Repo({"README.md": PROMISED, "train.py": SCRIPT})


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(SHELL, id="a-list-of-features-over-one-script"),
        pytest.param(
            SHELL.plus("tests/test_train.py", "")
            .plus(".github/workflows/ci.yml", "")
            .plus("Dockerfile", "")
            .plus("app.py", "")
            .plus("shap_analysis.py", ""),
            id="empty-files-where-things-are-promised",
        ),
        pytest.param(
            SHELL.plus("requirements.txt", "pandas\nscikit-learn\nshap\nmlflow\nfastapi\nprometheus-client\npytest\n"),
            id="only-named-in-requirements",
        ),
        pytest.param(
            SHELL.head(
                "train.py", "import mlflow\nimport shap\nfrom fastapi import FastAPI\nimport prometheus_client\n"
            ),
            id="dead-imports",
        ),
        pytest.param(
            TABULAR.without("tests/", ".github/", "src/term_deposit/service.py", "Dockerfile", "compose.yaml"),
            id="honest-readme-over-a-gutted-tree",
        ),
    ],
)
def test_promises_kept(repo: Repo) -> None:
    withheld(repo.files, "communication.promises-kept")
