"""communication.license: whether others may use the work."""

from __future__ import annotations

import pytest

from evaluator.facts.licences import Licences
from evaluator.facts.packaging import Packaging
from evaluator.model import Missing
from evaluator.signals.communication.license import license_stated
from tests.documents import Files, known, level, prose_of
from tests.facts.test_licences import MIT


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"LICENSE": MIT}, 2, id="a file"),
        pytest.param({"COPYING": "GNU GENERAL PUBLIC LICENSE Version 3"}, 2, id="copying"),
        pytest.param(
            {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\nlicense = "Apache-2.0"\n'}, 2, id="metadata"
        ),
        pytest.param({"package.json": '{"name": "x", "license": "ISC"}'}, 2, id="metadata of npm"),
        pytest.param({"package.json": '{"license": {"type": "MIT", "url": "x"}}'}, 2, id="metadata of npm, as it was"),
        pytest.param(
            {"Cargo.toml": '[package]\nname = "x"\nlicense = "MIT OR Apache-2.0"\n'}, 2, id="metadata of Cargo"
        ),
        pytest.param({"CITATION.cff": 'cff-version: 1.2.0\nlicense: "Apache-2.0"\n'}, 2, id="a citation file"),
        pytest.param({"package.json": '{"license": "UNLICENSED"}'}, 0, id="npm's word for none"),
        pytest.param(
            {"package.json": '{"license": "SEE LICENSE IN x"}'}, 0, id="npm's word for a file that is not there"
        ),
        pytest.param({"package.json": '{"name": "x"}'}, 0, id="metadata without a licence"),
        pytest.param({"package.json": "[" * 20_000}, 0, id="metadata that are broken"),
        pytest.param(
            {"web/node_modules/x/package.json": '{"license": "MIT"}'}, 0, id="metadata of somebody else's package"
        ),
        pytest.param({"LICENSE": "You may look at this, and do nothing else with it."}, 1, id="terms nobody knows"),
        pytest.param({"README.md": "# X\n\nReleased under the MIT License."}, 1, id="a mention"),
        pytest.param({"README.md": "# X\n\n## License\n\nMIT\n"}, 1, id="a section"),
        pytest.param({"README.md": "# X\n\n## Licencia\n\nBajo la licencia MIT.\n"}, 1, id="a section, es"),
        pytest.param({"README.md": "![l](https://img.shields.io/badge/license-MIT-green)"}, 1, id="a badge"),
        pytest.param({"README.md": "---\nlicense: mit\n---\n# X"}, 1, id="front matter"),
        pytest.param({"LICENSE": "", "README.md": "# X"}, 0, id="an empty file"),
        pytest.param({"LICENSE": " \n"}, 0, id="a blank file"),
        pytest.param({"README.md": "The dataset is released under the CC BY license."}, 0, id="of the data"),
        pytest.param(
            {"README.md": "# X\n\n## License\n\nThis project is for educational purposes."}, 1, id="terms in words"
        ),
        pytest.param({"README.md": "# X\n\n## License\n\nAll rights reserved by the author."}, 0, id="reserved"),
        pytest.param({"README.md": "# X\n\n## License\n\nNo license has been chosen yet."}, 0, id="none chosen"),
        pytest.param({"README.md": "# X\n\n## Usage\n\nThis project is for educational purposes."}, 0, id="elsewhere"),
        pytest.param({"docs/data.md": "Released under the MIT License."}, 0, id="not in the README"),
        pytest.param({"README.md": "# X\n\n<!-- MIT License -->"}, 0, id="hidden"),
        pytest.param({"README.md": "# X\n\n## License\n"}, 0, id="a heading without content"),
        pytest.param({}, 0, id="nothing"),
    ],
)
def test_license_stated(files: Files, expected: int) -> None:
    assert expected == level(license_stated(known(Licences, files), known(Packaging, files), prose_of(files)))


def test_license_stated_without_other_facts() -> None:
    missing = Missing(fact="Prose", cause="failed")

    assert level(license_stated(Licences(files=()), missing, missing)) == 0
