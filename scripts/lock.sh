#!/bin/sh
# Writes the hashed locks from pyproject.toml; run after changing a dependency. They name no index host.
set -eu
cd "$(dirname -- "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"
}
compile pyproject.toml --group build --output-file requirements/runtime.txt
compile pyproject.toml --group build --group dev --output-file requirements/development.txt
