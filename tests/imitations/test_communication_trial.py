"""Do a template, a metric or a market figure pass for an impact or a model card?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import told
from tests.imitations.harness import withheld
from tests.imitations.honest import TABULAR
from tests.imitations.repo import Repo


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            told(Impact="The team saves many calls and a lot of money in every campaign.\n"), id="without-a-number"
        ),
        pytest.param(
            told(
                Impact="The model reaches an average precision of 0.451 and a recall of 0.61, which helps planners.\n"
            ),
            id="metric-as-impact",
        ),
        pytest.param(
            told(Impact="45 211 calls processed, 16 columns engineered, 4 models trained.\n"), id="figures-of-the-work"
        ),
        pytest.param(
            told(Impact="Saves XX hours and $X,XXX a month for the call centre.\n"), id="placeholder-for-the-number"
        ),
        pytest.param(
            told(Impact="<!-- saves 4 000 calls and 12 000 EUR a campaign -->\nTo be measured.\n"), id="hidden-comment"
        ),
        pytest.param(
            told(Impact="Banks worldwide spend over 12 billion EUR a year on telephone marketing.\n"),
            id="size-of-the-market",
        ),
    ],
)
def test_impact_in_numbers(repo: Repo) -> None:
    withheld(repo.files, "communication.impact-in-numbers")


MORE = "[More Information Needed]"
HUB = f"""\
---
license: mit
---
# Model Card for Model ID

<!-- Provide a quick summary of what the model is/does. -->

## Uses

<!-- Address questions around how the model is intended to be used. -->

{MORE}

## Bias, Risks, and Limitations

<!-- This section is meant to convey both technical and sociotechnical limitations. -->

{MORE}

## Training Details

### Training Data

{MORE}

## Evaluation

### Results

{MORE}
"""
HEADINGS = "# Model card\n\n## Intended use\n\n## Training data\n\n## Evaluation\n\n## Limitations\n"
GUIDANCE = """\
# Model card

## Intended use

Describe the primary intended uses and users of the model.

## Training data

Describe where the training data come from and how they were processed.

## Evaluation

State the metrics and the values they reach on held-out data.

## Limitations

List known limitations and biases.
"""
LINKS = """\
# Model card

Model cards state the intended use, limitations, training data and evaluation of a model
([as proposed in 2019](https://arxiv.org/abs/1810.03993)). They increase transparency and trust.
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(told().plus("MODEL_CARD.md", HUB), id="template-of-the-hub"),
        pytest.param(told().plus("MODEL_CARD.md", HEADINGS), id="headings-only"),
        pytest.param(told().plus("docs/model_card.md", GUIDANCE), id="guidance-left-in"),
        pytest.param(
            told().plus("MODEL_CARD.md", f"# Model card\n\n<!--\n{TABULAR.text('docs/model_card.md')}\n-->\n"),
            id="hidden-comment",
        ),
        pytest.param(told().plus("MODEL_CARD.md", LINKS), id="what-model-cards-are-for"),
        pytest.param(told().plus("MODEL_CARD.md", ""), id="empty-file"),
        pytest.param(
            told().plus(
                "MODEL_CARD.md",
                "# Model card\n\n## Intended use\n\nRanking customers of a bank before a campaign.\n\n## Evaluation\n\nN/A\n\n"
                "## Training data\n\nN/A\n\n## Limitations\n\nN/A\n",
            ),
            id="not-available-three-times",
        ),
    ],
)
def test_model_card(repo: Repo) -> None:
    withheld(repo.files, "communication.model-card")
