"""The page is well built: one file, nothing fetched, readable by everybody, and in the promised order."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import msgspec
import pytest

from evaluator.report import html
from evaluator.report.document import Report, SubProjectSection
from tests.report import pages, samples
from tests.report.signals_of_a_project import COMMIT, SOURCE, signal

REPORTS = {"rich": samples.rich(), "empty": samples.empty(), "nothing ran": samples.not_run()}
PAGES = {name: html.render(report, samples.measured()) for name, report in REPORTS.items()}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def headings(page: pages.Page) -> list[tuple[int, str]]:
    return [(int(n.tag[1]), " ".join(n.text.split())) for n in page.all("h1", "h2", "h3", "h4")]


def changed(**fields: object) -> pages.Page:
    return pages.read(html.render(msgspec.structs.replace(samples.rich(), **fields)))


@every_page
def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    read = pages.read(page)

    assert read.all("script", "img", "iframe", "object", "form") == []
    assert "http:" not in page
    assert {n.attributes["href"] for n in read.all("link")} == {"data:,"}
    assert all(n.attributes["href"].startswith("#") for n in read.all("use"))
    assert [a for n in read.nodes for a in n.attributes if a in {"style", "src"} or a.startswith("on")] == []
    assert re.findall(r"url\([^#]|@import|@font-face", page) == []


@every_page
def test_the_policy_allows_this_style_sheet_and_nothing_else(page: str) -> None:
    read = pages.read(page)
    (policy,) = [n.attributes["content"] for n in read.all("meta") if "http-equiv" in n.attributes]
    digest = base64.b64encode(hashlib.sha256(read.one("style").text.encode()).digest()).decode()

    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))

    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@every_page
def test_the_policy_stands_before_what_it_governs(page: str) -> None:
    tags = [n.tag for n in pages.read(page).nodes]

    assert tags[:4] == ["html", "head", "meta", "meta"]
    assert page.startswith('<!doctype html>\n<html lang="en">')


@every_page
def test_headings_are_ordered(page: str) -> None:
    """One h1, and no level is left out on the way down."""
    levels = [level for level, _ in headings(pages.read(page))]

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@every_page
def test_ids_are_unique_and_every_link_arrives(page: str) -> None:
    read = pages.read(page)
    ids = [n.attributes["id"] for n in read.nodes if "id" in n.attributes]
    aims = {n.attributes["href"][1:] for n in read.all("a", "use") if n.attributes["href"].startswith("#")}
    aims |= {n.attributes["aria-labelledby"] for n in read.nodes if "aria-labelledby" in n.attributes}

    assert len(ids) == len(set(ids))
    assert aims <= set(ids)


@every_page
def test_tables_can_be_heard(page: str) -> None:
    read = pages.read(page)

    assert {n.attributes.get("scope") for n in read.all("th")} <= {"row", "col"}
    assert len(read.all("caption")) == len(read.all("table"))
    # Laid out as blocks on a phone, a table loses its meaning unless the roles are written down.
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    assert [n.tag for n in read.all(*roles) if n.attributes.get("role") != roles[n.tag]] == []


@every_page
def test_pictures_are_told_in_words(page: str) -> None:
    """A bar says its figures; every other drawing is silent, for a word stands beside it."""
    told = [n.attributes for n in pages.read(page).all("svg")]

    assert all(a.get("aria-hidden") == "true" or (a.get("role") == "img" and a.get("aria-label")) for a in told)


def test_bars_add_up() -> None:
    """Earned, not measured and lost; what was not measured is hatched and begins where the earned part ends."""
    drawn = re.findall(
        r'aria-label="Reproducibility: ([^"]+)"><rect [^>]+><rect class="(\w+)" width="([\d.]+)%"[^>]+><rect x="([\d.]+)%" width="([\d.]+)%"[^>]+(url\(#hatch\))',
        PAGES["rich"],
    )

    assert drawn == [("60–80 of 100", "warn", "60", "60", "20", "url(#hatch)")]


def test_the_title_is_the_verdict() -> None:
    assert (
        pages.read(PAGES["rich"]).one("title").text == "harbour-delays: 63.8–70.8 / 100, Getting there to Almost ready"
    )
    assert pages.read(PAGES["empty"]).one("title").text == "notes: no score"


def test_a_reader_knows_within_thirty_seconds() -> None:
    """The first 1,200 characters: what it is, how ready, how sure, the worst problem, the next thing to do."""
    seen = pages.read(PAGES["rich"]).text[:1200]

    for told in (
        "Readiness report",
        "harbour-delays",
        "Role general",
        "63.8–70.8 / 100",
        "Getting there to Almost ready",
        "93% of the rubric was measured",
        "3 of them by running the project",
        "Strongest on “History shows work in steps” (64 commits, 58 of them with telling messages)",
        "loses most on “Training does not see held-out data”",
        "6 of 100 points",
        "Next: Restart the kernel, run all cells, and commit the notebooks without errors. (+2.5 points, minutes)",
        "6 fails",
        "20 passed",
        "How far it runs",
        "Tests Failed 45 passed, 1 failed, 1 skipped",
    ):
        assert told in seen


def test_the_order_is_the_promised_one() -> None:
    assert [text for level, text in headings(pages.read(PAGES["rich"])) if level == 2] == [
        "How far it runs",
        "Fix these first",
        "Score by dimension",
        "All checks",
        "Strengths to point to",
        "What was run",
        "What could not be found out",
        "What the project is",
        "Provenance",
        "Words used here",
    ]


def test_checks_stand_by_result_and_only_failures_are_unfolded() -> None:
    read = pages.read(PAGES["rich"])

    groups = [text for level, text in headings(read) if level == 3 and text.endswith(")")]

    assert groups == ["Fails (6)", "Partly (7)", "Not measured (2)", "Not applicable (2)", "Passed (20)"]
    assert sum("open" in n.attributes for n in read.all("details")) == 6


def test_sections_without_facts_are_not_there() -> None:
    """Never a placeholder: of an empty report its verdict and its provenance remain."""
    read = pages.read(html.render(samples.empty()))

    assert headings(read) == [(1, "notes"), (2, "Provenance")]
    assert "None" not in read.text
    assert read.all("table", "details") == []


def test_a_machine_without_a_sandbox_is_told_near_the_top_with_its_cure() -> None:
    seen = pages.read(PAGES["nothing ran"]).text[:1500]

    assert "Nothing of this project was run" in seen
    assert "bwrap is not installed; sudo apt-get install bubblewrap mends it" in seen
    assert seen.count("bwrap is not installed") == 1


def test_durations_come_from_measurements_alone() -> None:
    without = pages.read(html.render(samples.rich())).text

    assert "Took 7.8 s" in pages.read(PAGES["rich"]).text
    assert "7.8 s" not in without
    assert "Took not recorded" in without
    assert "The machine, by which nothing is judged" not in without


def test_evidence_is_linked_at_the_commit() -> None:
    hrefs = {n.attributes["href"] for n in pages.read(PAGES["rich"]).all("a")}
    base = f"{SOURCE}/blob/{COMMIT}"

    assert f"{base}/src/harbour/train.py#L41-L46" in hrefs
    assert f"{base}/README.md?plain=1#L31" in hrefs
    assert f"{SOURCE}/commit/{COMMIT}" in hrefs


def test_links_tell_nobody_where_they_were_followed_from() -> None:
    read = pages.read(PAGES["rich"])
    outward = [n for n in read.all("a") if n.attributes["href"].startswith("https:")]

    assert {n.attributes["rel"] for n in outward} == {"noopener noreferrer"}
    assert {"name": "referrer", "content": "no-referrer"} in [n.attributes for n in read.all("meta")]


def test_a_local_folder_is_told_by_plain_paths() -> None:
    subject = msgspec.structs.replace(samples.rich().subject, source="local", commit=None, ref=None, as_of=None)
    places = tuple(
        msgspec.structs.replace(s, evidence=tuple(msgspec.structs.replace(e, url=None) for e in s.evidence))
        for s in samples.rich().signals
    )

    read = changed(subject=subject, signals=places)

    assert {n.attributes["href"][0] for n in read.all("a")} == {"#"}
    assert "src/harbour/train.py:41-46" in read.text


def test_several_projects_are_set_side_by_side() -> None:
    whole: Report = samples.rich()
    parts = tuple(
        SubProjectSection(path=path, project=whole.project, score=whole.score, categories=(), signals=whole.signals[:7])
        for path in ("api", "train")
    )

    read = changed(projects=parts)

    assert (2, "Projects in this repository") in headings(read)
    assert (3, "What api lacks") in headings(read)
    assert "2 projects, judged apart." in read.text
    assert "Limits and trade-offs are discussed: No statement about where the model fails (−1.5 of 1.5)" in read.text


def test_the_project_that_stands_for_the_whole_is_marked() -> None:
    whole: Report = samples.rich()
    figures = {"main-project": "train", "projects": 23, "projects-not-judged": 21}
    project = msgspec.structs.replace(whole.project, facts=figures)
    parts = tuple(
        SubProjectSection(path=path, project=whole.project, score=whole.score, categories=(), signals=())
        for path in ("api", "train")
    )

    read = changed(project=project, projects=parts)

    assert "train main" in read.text
    assert "api main" not in read.text
    assert "23 projects, judged apart. The whole is judged by train" in read.text
    assert "21 smaller ones left out." in read.text


def test_the_same_report_gives_the_same_page() -> None:
    assert html.render(samples.rich(), samples.measured()) == PAGES["rich"]


def test_a_gap_of_ours_is_an_error_and_not_a_word_on_the_page() -> None:
    with pytest.raises(TypeError, match="printed None"):
        html._environment().from_string("{{ x }}").render(x=None)


def test_signals_with_like_ids_have_anchors_of_their_own() -> None:
    twins = tuple(signal(name, "fail", "x", 1.0) for name in ("testing.a b", "testing.a-b", "testing.A b"))

    ids = [n.attributes["id"] for n in changed(signals=twins).all("li") if n.attributes.get("class") == "check"]

    assert len(set(ids)) == 3


def test_a_dimension_that_does_not_apply_says_so() -> None:
    part = msgspec.structs.replace(samples.rich().categories[0], low=None, high=None, coverage=None, weight=0.0)

    assert "Communication does not apply – –" in changed(categories=(part,)).text


def test_facts_are_told_as_people_write_them() -> None:
    facts = {"python-lines": 12_345, "share": 0.5, "truncated": False, "private": True, "main_language": "Python"}
    project = msgspec.structs.replace(samples.rich().project, facts=facts)

    text = changed(project=project).text

    assert "Main language Python Private yes Python lines 12,345 Share 0.5 Truncated no" in text
