"""What can go wrong that a user should hear about, in one sentence each?

EvaluatorError            exit code
├── UsageError            2    the call or the user's configuration
│   └── RubricError       2    the rubric file
├── SourceError           3    the target cannot be had
│   └── EmptyError        5    there is nothing in it to evaluate
├── DecodeError           2    bytes that do not have the promised form
├── SandboxError          70   the sandbox itself is broken
└── PluginError           2    a plug-in that cannot be loaded
"""

from __future__ import annotations


class EvaluatorError(Exception):
    """Message: what happened, where, and what to do next."""

    exit_code = 70


class UsageError(EvaluatorError):
    """The call, an option or the user's configuration file."""

    exit_code = 2


class RubricError(UsageError):
    """A rubric that cannot be read, or that weighs what does not exist."""


class SourceError(EvaluatorError):
    """The target cannot be had: not found, no access, no network, over its limits."""

    exit_code = 3


class EmptyError(SourceError):
    """The target has no commit or no file."""

    exit_code = 5


class DecodeError(EvaluatorError, ValueError):
    """Bytes that do not have the promised form. The message says where."""

    exit_code = 2


class SandboxError(EvaluatorError):
    """The sandbox is broken; never what ran in it."""


class PluginError(UsageError):
    """A plug-in that cannot be loaded or that breaks the rules for plug-ins."""
