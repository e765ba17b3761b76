"""What does the project's Python code import, define, call and say, and what of it can be reached?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.python.modules import Modules
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides


class Value(Record):
    """An expression, as far as reading shows it.

    Attributes:
        kind: ``constant`` (text is its repr), ``name`` (resolved dotted name, or the local variable's name),
            ``call`` (the resolved name of the call), ``other`` (its source, at most 200 characters).
    """

    kind: Literal["constant", "name", "call", "other"]
    text: str


class Argument(Record):
    """``keyword`` is None for a positional argument, ``*`` and ``**`` for unpacking."""

    keyword: str | None
    value: Value


class Call(Record):
    """One call.

    Attributes:
        name: Absolute dotted name, through imports, aliases, assignments, constructors and results:
            ``sklearn.model_selection.train_test_split``. A method of an object is named after its class
            (``sklearn.linear_model.LogisticRegression.fit``); where the class of a result is not known, after the call
            with ``()`` (``sklearn.datasets.load_iris().keys``), of an item after its container with ``[]``
            (``pandas.DataFrame[].mean``). The project's own callables are named by module and qualified name
            (``pkg.mod.func``), builtins and undefined names are bare (``open``), a called object is ``….__call__``. A
            leading dot (``.fit``) means that the receiver is unknown.
        others: Further names that it may have, for example where the receiver is one of several models.
        local: ``path::qualname`` of the project's own definition that is called; None for everything else.
        receiver: The variable or attribute the method is called on, as written, at most 100 characters; None for functions.
        scope: Qualified name of the enclosing definition; empty at module level; ``__main__`` under the main guard.
        binds: Names (as written) that the result is assigned to.
    """

    name: str
    at: Span
    others: tuple[str, ...] = ()
    local: str | None = None
    receiver: str | None = None
    scope: str = ""
    args: tuple[Argument, ...] = ()
    binds: tuple[str, ...] = ()


class Import(Record):
    """One imported name.

    Attributes:
        name: Absolute dotted name of what is imported (``sklearn.linear_model.LogisticRegression``, ``numpy``).
        local: Path of the project's own file it resolves to; of a folder where it names the project's own package but no
            file of it (``""`` is the root); None for everything else.
        missing: It names a module or a part of the project's own that is not there; or that lies beside a module which
            imports relatively too, so that no way of starting it finds both.
        stdlib: Belongs to the standard library of any supported Python.
        used: The bound name is read somewhere in the module (or it is a re-export in ``__init__``).
        optional: Inside ``try``/``except ImportError`` or ``if TYPE_CHECKING``.
    """

    name: str
    at: Span
    scope: str = ""
    local: str | None = None
    missing: bool = False
    stdlib: bool = False
    used: bool = True
    optional: bool = False


class Use(Record):
    """Something of the project's own that a scope mentions: calls, passes on, stores or subclasses.

    Attributes:
        scope: As for ``Call``; or the name of a global variable or imported name, for what it is made of.
        local: ``path::qualname`` of a definition or global variable; ``path::`` of a module that is run or imported here;
            ``.name`` for an attribute that some class of the project defines as a method.
    """

    scope: str
    local: str


class Definition(Record):
    """One function, method or class.

    Attributes:
        qualname: Within the module: ``Class.method``, ``outer.inner``.
        parameters: Without ``self``/``cls``. annotated: How many of them bear an annotation that names a type; none where the
            function's annotations are all ``Any``. docstring: It has one that says more than its name.
        decorators, bases: Resolved dotted names; for a class derived through the project's own classes, theirs too.
        statements: Executable statements of its body, nested ones included, docstring left out.
        asserts: Assertions in its body, or in functions of tests that it calls, that can fail: none are counted that are
            true whatever happens, whose failure is caught, or of a test that is skipped or expected to fail.
        collected: pytest collects it by its default rules: a test function or method, or a class of tests.
    """

    qualname: str
    kind: Literal["function", "method", "class"]
    at: Span
    public: bool = True
    parameters: int = 0
    annotated: int = 0
    returns_annotated: bool = False
    docstring: bool = False
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    statements: int = 0
    asserts: int = 0
    collected: bool = False


class Text(Record):
    """A string constant that is no docstring, at most 300 characters; ``{}`` stands for an f-string's fields."""

    text: str
    at: Span
    scope: str = ""


class Module(Record):
    """One .py file or notebook, parsed once.

    Attributes:
        name: Dotted, unique: the path without suffix and without a leading ``src`` (or the like) that is no package; for a
            notebook its path.
        part: Role of the file; see ``facts.tree.Part``.
        lines: Lines that hold code.
        top_statements: Executable statements at module (or cell) level: no imports, definitions, docstrings,
            constants; a ``__main__`` guard counts 1.
        inner_statements: Executable statements inside functions and methods.
        main_guard: It has ``if __name__ == "__main__"``.
        works: Running the file does something: a call that is a statement of its own at top level, mere set-up apart
            (role ``set-up`` of the library table), or it builds an application that a server loads.
        is_test: Its tests are collected by pytest's default rules, or it lies among tests and helps them.
        uses: What of the project its scopes mention; see ``facts.reach``.
        early: For a notebook: cells that read a name which only a later cell binds.
        broken: For a notebook: cells that could not be parsed.
        error: Why nothing of it could be parsed, with line; begins with ``python 2`` where Python 3 cannot parse it for that
            reason, and it was read as Python 2 if anything is told of it; else None.
    """

    path: str
    name: str
    kind: Literal["module", "notebook"]
    part: str = "own"
    lines: int = 0
    top_statements: int = 0
    inner_statements: int = 0
    main_guard: bool = False
    works: bool = False
    is_test: bool = False
    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    calls: tuple[Call, ...] = ()
    texts: tuple[Text, ...] = ()
    uses: tuple[Use, ...] = ()
    early: tuple[Span, ...] = ()
    broken: tuple[int, ...] = ()
    error: str | None = None


class Code(Fact):
    """All of the project's Python, by path.

    Attributes:
        skipped: Paths that were too large, or beyond the limits on files and on code.
        truncated: Calls and texts of some modules were left out, for there were too many.
    """

    modules: tuple[Module, ...]
    skipped: tuple[str, ...] = ()
    truncated: bool = False


@provides()
def code(modules: Modules) -> Code:
    """Record what every module imports, defines, calls, says and mentions. Vendored code is recorded without its calls."""
    from evaluator.facts.python.records import record

    return record(modules)
