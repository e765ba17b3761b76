"""Where on this machine does the tool keep things?"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


def cache(*, otherwise: Path) -> Path:
    """Return the tool's cache folder, made if need be; ``EVALUATE_CACHE`` names another.

    For root it lies under ``/var/cache``: the sandbox is never started as uid 0, and the user it is started as could
    not look into root's private home.

    Args:
        otherwise: Where to keep things when there is no home, or it cannot be written.
    """
    from platformdirs import user_cache_path

    named = os.environ.get("EVALUATE_CACHE")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        folder = Path(named) if named else Path("/var/cache/evaluator") if root else user_cache_path("evaluator")
        folder.mkdir(parents=True, exist_ok=True)
        return folder.resolve()
    except (OSError, RuntimeError) as error:
        log.warning("no cache folder (%s); what is downloaded is not kept. EVALUATE_CACHE names one", error)
        otherwise.mkdir(parents=True, exist_ok=True)
        return otherwise


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a folder for one evaluation, removed at the end however it comes.

    For root it can be entered by others (0755): what runs in the sandbox is started as another user.
    """
    with tempfile.TemporaryDirectory(prefix="evaluator-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            folder.chmod(0o755)
        yield folder
