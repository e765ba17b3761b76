"""Which of the project's own files does an import read?"""

from __future__ import annotations

import posixpath
import sys
from typing import TYPE_CHECKING

from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.python.scopes import Imported, Scope

if TYPE_CHECKING:
    from evaluator.facts.python.modules import Modules

STDLIB = sys.stdlib_module_names | {
    *("distutils", "imp", "asynchat", "asyncore", "smtpd", "cgi", "cgitb", "crypt", "telnetlib", "pipes", "nntplib"),
    *("parser", "symbol", "formatter", "macpath", "binhex", "audioop", "imghdr", "sndhdr", "uu", "xdrlib", "chunk"),
    *("urllib2", "ConfigParser", "cPickle", "StringIO", "Queue", "Tkinter", "__builtin__"),
}
"""Modules of the standard library of any Python: those of this interpreter, and those removed since 2.7."""


class Finder:
    """Finds the project's own modules for the importing file, as Python does where that is settled.

    A script's own folder comes first, then the standard library, then the project's roots (``Modules.roots``). Beside a
    module in a package, a well-known library's name means the library, unless the file defines what is wanted of it.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._foreign = libraries().packages | STDLIB
        self.packages = libraries().packages
        self._files: dict[tuple[str, str, str | None], str | None] = {}

    def file(self, made: Imported, importer: str) -> str | None:
        """Return the file whose content an import reads first, or None where that is not the project's own."""
        if not made.level:
            return self.find(made.module, importer, made.name)
        folder, module = _folder_of(importer, made.level), _module_of(made)
        if folder is None:
            return None
        if module:
            return self.modules.at(folder, module)
        init = posixpath.join(folder, "__init__.py")
        return init if init in self.modules.sources else None

    def submodule(self, made: Imported, importer: str) -> str | None:
        """Return the file of ``from package import module``, where the package's own file does not bind that name."""
        if not made.level:
            return self.find(f"{made.module}.{made.name}", importer)
        folder, module = _folder_of(importer, made.level), _module_of(made)
        return (
            self.modules.at(folder, f"{module}.{made.name}" if module else str(made.name))
            if folder is not None
            else None
        )

    def folder(self, dotted: str, importer: str) -> str | None:
        """Return the folder of modules, itself without ``__init__.py``, that ``dotted`` names."""
        if dotted.partition(".")[0] in self._foreign:
            return None
        for folder, _ in self.modules.roots(importer):
            below = posixpath.join(folder, dotted.replace(".", "/"))
            if self.modules.is_folder(below):
                return below
        return None

    def owner(self, made: Imported, importer: str) -> str | None:
        """Return the nearest folder of the project's that an import which finds nothing must have meant, or None."""
        if made.level:
            return posixpath.dirname(importer)
        top, _, rest = made.module.partition(".")
        path = self.find(top, importer)
        if path is not None and path.endswith("/__init__.py") and (rest or made.name):
            return posixpath.dirname(path)
        return self.folder(top, importer) if rest else None

    def find(self, dotted: str, importer: str, wanted: str | None = None) -> str | None:
        """Return the path of the project's own module ``dotted`` as ``importer`` would find it, or None."""
        key = (importer.rpartition("/")[0], dotted, wanted)
        if key not in self._files:
            self._files[key] = self._find(dotted, importer, wanted)
        found = self._files[key]
        return None if found == importer else found

    def _find(self, dotted: str, importer: str, wanted: str | None) -> str | None:
        top = dotted.partition(".")[0]
        own = posixpath.dirname(importer)
        for folder, natural in self.modules.roots(importer):
            path = self.modules.at(folder, dotted)
            if path is None or (top in STDLIB and not (natural and folder == own)):
                continue
            if not natural and top in self.packages and (wanted is None or wanted not in self.scope(path).bindings):
                continue
            return path
        return None

    def is_only_beside(self, dotted: str, importer: str) -> bool:
        """Whether only the importer's own folder has the module: it is found by a direct start, and not as a package."""
        own = posixpath.dirname(importer)
        found = [folder for folder, _ in self.modules.roots(importer) if self.modules.at(folder, dotted)]
        return bool(own and found) and all(folder == own for folder in found)

    def scope(self, path: str) -> Scope:
        """Return the module scope of the file at ``path``."""
        return self.modules.sources[path].walked.module


def _folder_of(importer: str, level: int) -> str | None:
    """Return the folder that ``level`` leading dots mean, or None above the project's root."""
    folder = posixpath.dirname(importer)
    for _ in range(level - 1):
        if not folder:
            return None
        folder = posixpath.dirname(folder)
    return folder


def _module_of(made: Imported) -> str | None:
    return getattr(made.node, "module", None)
