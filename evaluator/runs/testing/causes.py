"""Why did a test fail, in the words of the contract: the project's own doing, or what it was denied here?"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from evaluator.facts.import_names import canonical, distributions_of
from evaluator.model import Record

NOT_THE_PROJECTS = frozenset(
    {"environment", "platform", "network", "hardware", "memory", "missing-data", "secret", "time", "tool-limit"}
)


class Raised(Record):
    """One exception of a chain, as the run reports it.

    Attributes:
        type, bases: Dotted names; ``bases`` in method resolution order, at most 5.
        at: Last line of the project's files it passed through: path and line, or None.
        name: Of an ImportError: the module. file: Of an OSError: the file name.
    """

    type: str
    bases: tuple[str, ...] = ()
    message: str = ""
    at: tuple[str, int] | None = None
    name: str = ""
    file: str = ""

    def is_a(self, *types: str) -> bool:
        """Whether the exception is of one of ``types``, given by dotted name."""
        return any(t in types for t in (self.type, *self.bases))


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is known of the project when a cause is named.

    Attributes:
        paths: All files of the tree. names: Their last components.
        modules: Names that an import of the project's own code could begin with.
        imports: Path and line of every import of something that is not the project's own.
        declared, installed: Normalised distribution names.
    """

    paths: Collection[str] = frozenset()
    names: Collection[str] = frozenset()
    modules: Collection[str] = frozenset()
    imports: Collection[tuple[str, int]] = frozenset()
    declared: Collection[str] = frozenset()
    installed: Collection[str] = frozenset()


_NETWORK_TYPES = frozenset(
    {
        "socket.gaierror",
        "urllib.error.URLError",
        "requests.exceptions.ConnectionError",
        "requests.exceptions.ConnectTimeout",
        "urllib3.exceptions.MaxRetryError",
        "urllib3.exceptions.NewConnectionError",
        "httpx.ConnectError",
        "httpx.ConnectTimeout",
        "aiohttp.client_exceptions.ClientConnectorError",
        "botocore.exceptions.EndpointConnectionError",
        "huggingface_hub.errors.OfflineModeIsEnabled",
        "huggingface_hub.errors.LocalEntryNotFoundError",
        "huggingface_hub.utils._errors.LocalEntryNotFoundError",
    }
)
_SECRET_TYPES = frozenset(
    {
        "openai.OpenAIError",
        "botocore.exceptions.NoCredentialsError",
        "google.auth.exceptions.DefaultCredentialsError",
        "wandb.errors.UsageError",
    }
)
_NETWORK = re.compile(
    r"couldn't connect to 'https?://|Network is unreachable|Name or service not known"
    r"|Temporary failure in name resolution|in offline mode|offline mode is enabled|NLTK Downloader"
)
_HERE = re.compile(r"localhost|127\.0\.0\.1|\[::1\]|host='(?:db|redis|postgres|mlflow)")
_HARDWARE = re.compile(
    r"NVIDIA driver|not compiled with CUDA|No CUDA GPUs|CUDA error|cuda runtime error|CUDA is not available"
    r"|deserialize object on a CUDA device|cudaGetDeviceCount|No GPU (?:found|available)|MPS backend"
)
_MEMORY = re.compile(r"out of memory|Cannot allocate memory|Unable to allocate", re.IGNORECASE)
_LIMIT = re.compile(
    r"No space left on device|Read-only file system|can't start new thread|Resource temporarily unavailable"
)
_LIBRARY = re.compile(
    r"cannot open shared object file|DLL load failed|numpy\.dtype size changed|compiled using NumPy 1|GLIBC(?:XX)?_"
    r"|undefined symbol"
)
_DISPLAY = re.compile(r"no display name|could not connect to display|cannot connect to X server|Can't open display")
_WINDOWS = re.compile(r"WinError|WindowsPath|has no attribute 'startfile'|only supported on Windows")
_WINDOWS_MODULES = frozenset({"winreg", "msvcrt", "_winapi", "win32api", "win32com", "pywintypes", "winsound", "wmi"})
_SECRET = re.compile(r"\b[A-Z][A-Z0-9_]*(?:API_?KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)[A-Z0-9_]*\b")
_DATA_FILE = re.compile(
    r"\.(?:csv|tsv|parquet|feather|xlsx?|json|jsonl|pkl|pickle|joblib|npy|npz|h5|hdf5|keras|pth?|ckpt|onnx|safetensors|model"
    r"|bin|db|sqlite3?|zip|gz|tar|txt|png|jpe?g|tiff?|wav|mp[34]|nii|dcm|arff|mat|rds|weights|pb|tflite)$",
    re.IGNORECASE,
)
_DATA_FOLDER = re.compile(
    r"(?:^|/)(?:data|datasets?|raw|processed|models?|artifacts?|checkpoints?|weights|outputs?)(?:/|$)", re.IGNORECASE
)
_ELSEWHERE = re.compile(r"^(?:[A-Za-z]:[\\/]|\\\\|/(?!work(?:/|$)|tmp/|home/user/|out/|proc/|dev/))")
_NOT_NATIVE = "async def functions are not natively supported"
_FIXTURES = {
    "mocker": "pytest-mock",
    "benchmark": "pytest-benchmark",
    "httpx_mock": "pytest-httpx",
    "requests_mock": "requests-mock",
    "snapshot": "syrupy",
    "faker": "faker",
    "event_loop": "pytest-asyncio",
    "aiohttp_client": "pytest-aiohttp",
    "live_server": "pytest-django",
    "db": "pytest-django",
    "nb_regression": "pytest-notebook",
    "data_regression": "pytest-regressions",
    "freezer": "pytest-freezer",
}


def cause_of(chain: tuple[Raised, ...], around: Surroundings) -> str:
    """Return the cause of a failure, one of the contract's words; ``defect`` where nothing else explains it.

    The innermost exception that has an explanation decides: what came of it is its consequence. What breaks inside the
    import of somebody else's package is the versions' that were to be had here.
    """
    for raised in reversed(chain):
        for reader in (_of_import, _of_file, _of_message):
            if cause := reader(raised, around):
                return cause
    failed_in_import = any(r.at in around.imports and not r.is_a("builtins.ImportError") for r in chain)
    return "environment" if failed_in_import else "defect"


def cause_of_end(status: int | None, *, starved: bool) -> str:
    """Return the cause where a process ended within a case.

    Args:
        status: Negative for a signal; an illegal instruction (4) is a package built for another processor.
        starved: It was killed near the limit on memory.
    """
    return "memory" if starved else "platform" if status == -4 else "defect"


def _of_import(raised: Raised, around: Surroundings) -> str:
    if raised.is_a("builtins.ImportError"):
        name = raised.name or _quoted(raised.message)
        top = name.partition(".")[0]
        if top in _WINDOWS_MODULES:
            return "platform"
        if _LIBRARY.search(raised.message):
            return "environment"
        if top in around.modules:
            return "defect"
        if raised.is_a("builtins.ModuleNotFoundError") and name:
            return _missing_distribution(distributions_of(name)[1], around)
        return "environment" if name and canonical(distributions_of(name)[1][0]) in around.installed else ""
    if raised.type == "_pytest.fixtures.FixtureLookupError" or "fixture '" in raised.message:
        wanted = _FIXTURES.get(_quoted(raised.message) or raised.message.strip())
        return _missing_distribution((wanted,), around) if wanted else ""
    return "undeclared-import" if _NOT_NATIVE in raised.message else ""


def _missing_distribution(distributions: tuple[str, ...], around: Surroundings) -> str:
    """Return whose fault it is that none of ``distributions`` is there: they were declared, or they were not."""
    return "environment" if any(canonical(d) in around.declared for d in distributions) else "undeclared-import"


def _of_file(raised: Raised, around: Surroundings) -> str:
    if raised.is_a("builtins.FileNotFoundError", "builtins.NotADirectoryError", "builtins.PermissionError"):
        name = raised.file or _quoted(raised.message)
        if not name:
            return ""
        if _ELSEWHERE.search(name):
            return "absolute-path"
        relative = name.removeprefix("/work/").replace("\\", "/")
        if relative in around.paths:
            return "missing-data"
        if relative.rpartition("/")[2] in around.names:
            return "defect"
        return "missing-data" if _DATA_FILE.search(relative) or _DATA_FOLDER.search(relative) else ""
    pointer = raised.is_a("_pickle.UnpicklingError") and "invalid load key, 'v'" in raised.message
    absent = "unable to open database file" in raised.message or "[E050] Can't find model" in raised.message
    return "missing-data" if pointer or absent else ""


def _of_message(raised: Raised, _around: Surroundings) -> str:
    text = raised.message
    if raised.is_a("builtins.MemoryError") or (_MEMORY.search(text) and not raised.is_a("builtins.AssertionError")):
        return "memory"
    if raised.is_a("builtins.ConnectionRefusedError"):
        return "environment"
    if raised.is_a(*_NETWORK_TYPES) or (
        raised.is_a("builtins.OSError", "builtins.LookupError") and _NETWORK.search(text)
    ):
        return "environment" if _HERE.search(text) else "network"
    if raised.is_a("builtins.OSError", "builtins.RuntimeError") and _LIMIT.search(text):
        return "tool-limit"
    if _HARDWARE.search(text) and raised.is_a(
        "builtins.RuntimeError", "builtins.AssertionError", "builtins.ValueError"
    ):
        return "hardware"
    if raised.is_a(*_SECRET_TYPES) or (
        raised.is_a("builtins.KeyError", "builtins.ValueError", "builtins.OSError") and _SECRET.search(text)
    ):
        return "secret"
    if _WINDOWS.search(text) or _DISPLAY.search(text):
        return "platform"
    return "arguments" if raised.type == "builtins.SystemExit" and text == "2" else ""


def _quoted(message: str) -> str:
    """Return what stands between the first single quotes of ``message``."""
    parts = message.split("'", 2)
    return parts[1] if len(parts) > 2 else ""
