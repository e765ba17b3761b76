#!/bin/sh
# Renews docs/report.png, the README's picture: the page of an invented project, as Chromium shows it.
set -eu
cd "$(dirname -- "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/python -c "
from evaluator.report import html
from tests.report import samples
print(html.render(samples.rich(), samples.measured()))" > "$folder/report.html"
chromium --headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run --hide-scrollbars \
    --user-data-dir="$folder/profile" --window-size=1100,1500 --screenshot="$folder/report.png" \
    "file://$folder/report.html" 2>/dev/null
cp "$folder/report.png" docs/report.png
