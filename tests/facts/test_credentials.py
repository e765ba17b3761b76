"""Is a credential told by its form or its name, and what only stands in its place left alone?

The samples are put together here so that scanners of this repository stay quiet.
"""

from __future__ import annotations

import base64
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.credentials.detecting import LONGEST, pieces, private_keys, suspects
from evaluator.facts.credentials.masking import cut, mask

R = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY"
HEX = "83fa0c4d2b7e9165" + "ac0d43f1b2e87d55"
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----"
MATERIAL = "\n".join((R + R[::-1]) for _ in range(4))


def web_token(**claims: object) -> str:
    parts = [json.dumps(p).encode() for p in ({"alg": "HS256", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts) + "." + R


FORMS = {
    "AWS Access Key": "AKIA" + "Q3EGRZ7XKPL2MNVT",
    "Azure Storage Account access key": "AccountKey=" + (R + R + R)[:86] + "==",
    "GitHub Token": "ghp_" + R + "1234",
    "GitLab Token": "glpat-" + R[:20],
    "Hugging Face token": "hf_" + R + "ab",
    "OpenAI API key": "sk-proj-" + R + R[::-1],
    "Anthropic API key": "sk-ant-" + "api03-" + R,
    "Google API key": "AIza" + R + "abc",
    "Groq API key": "gsk_" + R + R[:20],
    "Slack Token": "xoxb-" + "804192736511-927365110482-" + R[:24],
    "Stripe Access Key": "sk_" + "live_" + R[:24],
    "JSON Web Token": web_token(sub="42", exp=1),
    "SendGrid API Key": "SG." + R[:22] + "." + (R + R)[:43],
    "Telegram Bot Token": "8041927365:" + "AA" + R + "x",
    "Databricks token": "dapi" + HEX,
    "PyPI Token": "pypi-AgEIcHlwaS5vcmc" + R + R + R,
}


@pytest.mark.parametrize(("kind", "value"), FORMS.items(), ids=FORMS)
def test_forms(kind: str, value: str) -> None:
    """Each is found in a line of its own, ranked as real, and shown by its first characters only."""
    line = f"bot = '{value}'  # here"

    (found,) = pieces(line)

    assert (found.kind, line[found.start : found.end], found.by, found.rank) == (kind, value, "format", "credential")
    assert list(suspects([(7, line)])) == [(7, line)]
    assert mask(line) == line.replace(value, cut(value))
    assert value[5:] not in mask(line)


@pytest.mark.parametrize(
    ("line", "rank"),
    [
        pytest.param('DB_PASSWORD = "Str0ng!Pass99"', "credential", id="a password"),
        pytest.param('    secret_key: str = "q8#kL2mmZZ7"', "credential", id="behind an annotation"),
        pytest.param('connect(host, password="hunter2x9Q")', "credential", id="an argument"),
        pytest.param('if password == "opensesame42":', "credential", id="a comparison"),
        pytest.param('{"api_key": "3f2504e0-4f89-11d3-9a0c-0305e82c3301"}', "credential", id="an entry"),
        pytest.param(f'hub_token = "{R}"', "credential", id="a random token"),
        pytest.param(f'os.environ["WANDB_API_KEY"] = "{HEX}590cc1ae"', "credential", id="a tracker's key"),
        pytest.param(f'{{"username":"ada","key":"{HEX}"}}', "credential", id="kaggle.json"),
        pytest.param('url = "postgresql://ada:Tr0ub4dor3x@db.houses.io/x"', "credential", id="in an address"),
        pytest.param(
            'url = "postgresql://ada:Tr0ub4dor3x@db.example.net/x"', None, id="in an address that is nobody's"
        ),
        pytest.param('url = "postgresql://postgres:postgres@localhost/x"', "weak", id="a stock password in an address"),
        pytest.param('SECRET_KEY = "supersecretkey"', "weak", id="stock words"),
        pytest.param('JWT_SECRET = "my-super-secret-jwt-key-for-houses"', "weak", id="a phrase"),
        pytest.param('name = "aws_secret_access_key"', None, id="the name of one"),
        pytest.param('secret_name = "aws_secret_access_key"', None, id="a name under a name"),
        pytest.param('password = "admin123"', "weak", id="a stock password"),
        pytest.param("SECRET_KEY = 'django-" + "insecure-8j$k2l!m3n4b5v6c7'", "weak", id="Django's own warning"),
        pytest.param('api_key = "your_api_key_here"', None, id="your key here"),
        pytest.param('api_key = "sk-' + "x" * 32 + '"', None, id="crosses"),
        pytest.param('password = "changeme"', None, id="change me"),
        pytest.param('password = "<password>"', None, id="angle brackets"),
        pytest.param('key = "AKIA' + 'IOSFODNN7EXAMPLE"', None, id="the maker's example"),
        pytest.param('wandb.login(key="0123456789abcdef' + '0123456789abcdef01234567")', None, id="a sequence"),
        pytest.param(f"token = '{web_token(sub='1234567890', name='John Doe')}'", None, id="the sample web token"),
        pytest.param(f"key = '{web_token(role='anon', iss='supabase')}'", None, id="a key for every browser"),
        pytest.param('password_field = "user_password"', None, id="a label"),
        pytest.param('password_help = "Enter your password to log in"', None, id="a sentence"),
        pytest.param('password_file = "/run/keys/db"', None, id="a path"),
        pytest.param('"password": "{password}"', None, id="a template"),
        pytest.param("mongodb+srv://<user>:<password>@cluster0.example.net", None, id="a template's address"),
        pytest.param('f"postgresql://{USER}:{PASSWORD}@{HOST}/x"', None, id="an address from variables"),
        pytest.param('password = os.environ["DB_PASSWORD"]', None, id="from the environment"),
        pytest.param('api_key = os.getenv("API_KEY", "")', None, id="from the environment, with a default"),
        pytest.param("password = hashlib.sha256(x).hexdigest()", None, id="a call"),
        pytest.param('pad_token = "[PAD]"', None, id="a tokenizer's token"),
        pytest.param('tokenizer = "distilbert-base-uncased-finetuned-sst-2-english"', None, id="a tokenizer's name"),
        pytest.param('df["password"] = df["pwd"]', None, id="columns"),
        pytest.param('st.text_input("Password", type="password")', None, id="a form"),
        pytest.param('PASSWORD_RE = "^(?=.*[A-Z]).+$"', None, id="a pattern"),
        pytest.param('"password": {"type": "string"}', None, id="a schema"),
        pytest.param('cache_key = "features_v2_train"', None, id="a key of another kind"),
        pytest.param('revision = "' + HEX + '590cc1ae"', None, id="a commit's id"),
        pytest.param('sha256 = "' + HEX + HEX + '"', None, id="a digest"),
    ],
)
def test_ranks(line: str, rank: str | None) -> None:
    """None: nothing there, or only what stands in a credential's place."""
    found = [p.rank for p in pieces(line) if p.rank != "placeholder"]

    assert found == ([] if rank is None else [rank])


@pytest.mark.parametrize(
    ("line", "rank"),
    [
        pytest.param("DB_PASSWORD=Str0ng!Pass99", "credential", id="a password"),
        pytest.param("POSTGRES_PASSWORD: postgres", "weak", id="a stock password"),
        pytest.param("password: ${DB_PASSWORD}", None, id="a variable"),
        pytest.param("password: ${{ secrets.DB_PASSWORD }}", None, id="a workflow's secret"),
        pytest.param("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-postgres}", None, id="a variable with a default"),
        pytest.param("secretName: my-app-secret", None, id="a reference"),
        pytest.param("API_KEY=", None, id="left open"),
    ],
)
def test_ranks_in_settings(line: str, rank: str | None) -> None:
    """Settings files write their values without quotation marks."""
    found = [p.rank for p in pieces(line, quoted=False) if p.rank != "placeholder"]

    assert found == ([] if rank is None else [rank])


def test_a_form_inside_a_longer_word_is_chance() -> None:
    assert pieces("x" + FORMS["AWS Access Key"] + "y") == []


def test_a_line_without_end_is_data() -> None:
    assert pieces(" " * LONGEST + FORMS["AWS Access Key"]) == []


def test_a_private_key_is_a_header_with_material() -> None:
    text = f"x\n{PEM}\n{MATERIAL}\n-----END RSA PRIVATE KEY-----\n"

    assert [at for at, _ in private_keys(text)] == [2]
    assert [at for at, _ in private_keys(f'key = "{PEM}' + "\\n" + MATERIAL.replace("\n", "\\n") + '"')] == [7]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f'if "{PEM}" in text:\n    raise ValueError("a key must not be committed")\n', id="a check for one"
        ),
        pytest.param(f"{PEM}\n...\n-----END RSA PRIVATE KEY-----\n", id="left out"),
        pytest.param(f"{PEM}\n{'A' * 64}\n{'A' * 64}\n", id="filled up"),
    ],
)
def test_a_header_alone_is_no_private_key(text: str) -> None:
    assert list(private_keys(text)) == []


def test_a_private_key_is_masked_with_its_material() -> None:
    text = f"a\n{PEM}\n{MATERIAL}\n-----END RSA PRIVATE KEY-----\nb\n"

    assert mask(text) == f"a\n{PEM}…\nb\n"
    assert R not in mask(f"{PEM}\n{MATERIAL}")


def test_masking_leaves_code_as_it_is() -> None:
    code = 'import os\npassword = os.environ["DB"]\ntoken = tokens[0]\nkey = lambda row: row["id"]\n'

    assert mask(code) == code


def test_short_passwords_are_hardly_shown() -> None:
    assert [cut("hunter2x"), cut("abc"), cut(R)] == ["hu…", "…", "aB3d…"]


words = st.sampled_from(
    ["password", "token", "=", ":", '"', "'", " ", "key", "AKIA", "://", "@", "eyJ", "\n", *FORMS.values()]
)


@given(st.one_of(st.text(), st.lists(words).map("".join)))
def test_looking_and_masking_never_raise(text: str) -> None:
    """Nor do they lose lines, or mask twice."""
    for quoted in (True, False):
        for line in text.split("\n"):
            found = pieces(line, quoted=quoted)
            assert all(0 <= p.start < p.end <= len(line) for p in found)
            assert all(a.end <= b.start for a, b in pairwise(found))
    assert list(private_keys(text)) == sorted(private_keys(text))
    assert mask(mask(text)) == mask(text)
