"""A real browser shows the page: nothing else is asked for, nothing is blocked, nothing needs scrolling sideways."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from evaluator.report import html
from evaluator.report.document import Report
from tests.report import samples
from tests.report.hostile import ALL, poisoned

_FOUND = [shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome", "chrome")]
BROWSER = next((path for path in _FOUND if path), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    # The browser's own errands (updates, spelling lists) find no way out of the test.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--enable-logging=stderr",
    *("--disable-component-update", "--disable-sync", "--disable-default-apps", "--virtual-time-budget=4000"),
)
_WIDTHS = (320, 360, 768, 1280)
# The page is loaded in frames of each width, and asked how wide and how high it came out.
_RULER = """<!doctype html><link rel="icon" href="data:,"><body><script>
const found = {};
for (const width of %s) {
  const frame = document.createElement('iframe');
  frame.style.cssText = `width:${width}px;height:900px;border:0`;
  frame.onload = () => {
    const page = frame.contentDocument;
    const view = frame.contentWindow;
    page.querySelectorAll('details').forEach(d => { d.open = true; });
    const out = [...page.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
      .filter(e => !e.closest('.hidden, .skip, .stack thead') || width > 640);
    found[width] = {
      scroll: page.documentElement.scrollWidth - page.documentElement.clientWidth, out: out.map(e => e.outerHTML.slice(0, 80)),
      style: view.getComputedStyle(page.body).overflowWrap, title: page.title,
      small: [...page.querySelectorAll('.tally a, .top a, .fold')].filter(e => e.getBoundingClientRect().height < 24).length,
    };
    document.title = JSON.stringify(found);
  };
  frame.src = 'report.html';
  document.body.append(frame);
}
</script></body>"""


@dataclass
class Site:
    """A server on loopback: its pages, and what was asked of it."""

    pages: dict[str, str]
    asked: list[str] = field(default_factory=list)
    address: str = ""


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        content = self.site.pages.get(self.path)
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((content or "").encode())

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def site() -> Iterator[Site]:
    held = Site({"/ruler.html": _RULER % json.dumps(_WIDTHS)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, held))
    held.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


def browse(address: str, folder: Path, *flags: str) -> tuple[str, str]:
    """Return the page as it stands when it has come to rest, and what the browser said."""
    done = subprocess.run(
        [str(BROWSER), *_FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, "--dump-dom", address],
        capture_output=True,
        timeout=50,
        check=True,
    )
    return done.stdout.decode(), done.stderr.decode(errors="replace")


def requests(log: Path) -> set[str]:
    """Return every address that a page asked for, by the browser's own log; its own errands have no origin."""
    events = [e.get("params", {}) for e in json.loads(log.read_text(encoding="utf-8", errors="replace"))["events"]]
    return {str(p["url"]) for p in events if "url" in p and p.get("initiator", "not an origin") != "not an origin"}


@pytest.mark.parametrize("name", ["rich", "hostile"])
def test_it_fits_every_screen_and_asks_for_nothing(site: Site, tmp_path: Path, name: str) -> None:
    """At 320 pixels too (WCAG 1.4.10), and whatever the candidate wrote."""
    report = samples.rich() if name == "rich" else cast("Report", poisoned(samples.rich(), lambda: ALL))
    site.pages["/report.html"] = html.render(report, samples.measured())

    dom, said = browse(
        f"{site.address}/ruler.html", tmp_path, f"--log-net-log={tmp_path / 'net.json'}", "--enable-logging=stderr"
    )
    title = (
        dom.partition("<title>")[2]
        .partition("</title>")[0]
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )
    found = json.loads(title)

    assert set(found) == {str(w) for w in _WIDTHS}
    for width in _WIDTHS:
        seen = found[str(width)]
        assert (seen["scroll"], seen["out"], seen["small"]) == (0, [], 0)
        assert seen["style"] == "anywhere", "the style sheet was not let in by the policy"
    assert sorted(set(site.asked)) == ["/report.html", "/ruler.html"]
    assert requests(tmp_path / "net.json") == {f"{site.address}/report.html"}
    assert "CONSOLE" not in said


def test_it_opens_from_a_file(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(html.render(samples.rich(), samples.measured()), encoding="utf-8")

    dom, said = browse(page.as_uri(), tmp_path, f"--log-net-log={tmp_path / 'net.json'}")

    assert "<h1" in dom
    assert requests(tmp_path / "net.json") == set()
    assert "CONSOLE" not in said


def test_the_checks_above_would_notice(site: Site, tmp_path: Path) -> None:
    """A page with a picture from elsewhere, a wide table and a script of its own fails each of them."""
    planted = '<img src="https://e.example/x.png"><div style="width:900px">x</div><script>alert(1)</script></main>'
    site.pages["/report.html"] = html.render(samples.rich()).replace("</main>", planted)

    dom, said = browse(f"{site.address}/ruler.html", tmp_path)

    assert "CONSOLE" in said
    assert said.count("Content Security Policy") >= 3
    assert "e.example" not in str(site.asked)
    assert dom.count("<title>") == 1
