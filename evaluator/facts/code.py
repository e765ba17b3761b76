"""What does the project's Python code import, define, call and say, and what of it can be reached?"""

from __future__ import annotations

from typing import Literal

from evaluator.model import Fact, Record, Span


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
        name: Absolute dotted name, through imports, aliases, assignments and constructors:
            ``sklearn.model_selection.train_test_split``; a method of a local object is named after its class
            (``sklearn.linear_model.LogisticRegression.fit``); the project's own callables by module and qualified
            name (``pkg.mod.func``); builtins bare (``open``). A leading dot (``.fit``) means the receiver is unknown.
        receiver: The variable or attribute the method is called on, as written, at most 100 characters; None for functions.
        scope: Qualified name of the enclosing definition; empty at module level.
        binds: Names (as written) that the result is assigned to.
        reached: Whether something that runs leads here; see ``Module.reached``.
    """

    name: str
    at: Span
    receiver: str | None = None
    scope: str = ""
    args: tuple[Argument, ...] = ()
    binds: tuple[str, ...] = ()
    reached: bool = True


class Import(Record):
    """One imported name.

    Attributes:
        name: Absolute dotted name of what is imported (``sklearn.linear_model.LogisticRegression``, ``numpy``).
        local: Path of the project's own file it resolves to; None for everything else.
        stdlib: Belongs to the standard library of any supported Python.
        used: The bound name is read somewhere in the module (or it is a re-export in ``__init__``).
        optional: Inside ``try``/``except ImportError`` or ``if TYPE_CHECKING``.
    """

    name: str
    at: Span
    scope: str = ""
    local: str | None = None
    stdlib: bool = False
    used: bool = True
    optional: bool = False


class Definition(Record):
    """One function, method or class.

    Attributes:
        qualname: Within the module: ``Class.method``.
        parameters: Without ``self``/``cls``. annotated: How many of them bear an annotation.
        decorators, bases: Resolved dotted names.
        statements: Executable statements of its body, nested ones included, docstring left out.
        asserts: ``assert`` statements and calls of assertion functions in its body that can fail.
        reached: From anything that runs, tests apart. reached_by_tests: From a collected test.
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
    reached: bool = True
    reached_by_tests: bool = False


class Text(Record):
    """A string constant that is no docstring, at most 300 characters."""

    text: str
    at: Span
    scope: str = ""


class Module(Record):
    """One .py file or notebook, parsed once.

    Attributes:
        name: Dotted module name as the project would import it (``src/`` and similar roots left out); for a
            notebook its path.
        part: Role of the file; see ``facts.tree.Part``.
        lines: Lines that hold code.
        top_statements: Executable statements at module (or cell) level: no imports, definitions, docstrings,
            constants; a ``__main__`` guard counts 1.
        inner_statements: Executable statements inside functions and methods.
        main_guard: It has ``if __name__ == "__main__"``.
        reached: Something that runs leads here: it is a script, a notebook, a test, a console script's module, named
            by a command in delivery files, or imported by one of those.
        error: Why it could not be parsed, with line; ``python 2`` where that is the reason; None when it could.
    """

    path: str
    name: str
    kind: Literal["module", "notebook"]
    part: str = "own"
    lines: int = 0
    top_statements: int = 0
    inner_statements: int = 0
    main_guard: bool = False
    is_test: bool = False
    reached: bool = True
    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    calls: tuple[Call, ...] = ()
    texts: tuple[Text, ...] = ()
    error: str | None = None


class Code(Fact):
    """All of the project's Python, by path. ``skipped``: paths that were too large, or beyond the limit on files."""

    modules: tuple[Module, ...]
    skipped: tuple[str, ...] = ()
