"""What does `python -m evaluator` do? The same as `evaluate`."""

from evaluator.cli import main

main()
