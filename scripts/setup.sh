# Sourced by `evaluate` and `test`: makes .venv from a hashed lock and sees to the sandbox. Needs Python >= 3.11 and its
# venv module; PYTHON names another interpreter. Everything it says goes to standard error.
# lock: the lock to install, below requirements/.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
lock="$root/requirements/$lock"

fail() { echo "setup: $*" >&2; exit 2; }

python=""
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv, or set PYTHON"
command -v git >/dev/null 2>&1 || fail "git is needed: sudo apt-get install git"

mark="$root/.venv/.installed-$(basename "$lock")-$(cksum < "$lock" | tr -d ' ')-$(cksum < "$root/pyproject.toml" | tr -d ' ')"
if [ ! -e "$mark" ]; then
    echo "setup: installing into .venv (once)" >&2
    [ -x "$root/.venv/bin/python" ] || "$python" -m venv "$root/.venv" >&2 ||
        fail "the venv module is missing: sudo apt-get install python3-venv"
    "$root/.venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
    "$root/.venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e "$root" >&2
    touch "$mark"
fi

if ! command -v bwrap >/dev/null 2>&1 && [ "$(uname -s)" = Linux ]; then
    if command -v apt-get >/dev/null 2>&1; then
        if [ "$(id -u)" = 0 ]; then as=""; else as="sudo -n"; fi
        echo "setup: installing bubblewrap, the sandbox" >&2
        { $as apt-get update -qq && $as apt-get install -y -qq bubblewrap; } >/dev/null 2>&1 ||
            echo "setup: no sandbox, so nothing of a repository will be run; to get it: sudo apt-get install bubblewrap" >&2
    else
        echo "setup: no sandbox, so nothing of a repository will be run; install bubblewrap with your package manager" >&2
    fi
fi
