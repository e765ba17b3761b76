"""Could this project run, and be relied on, away from its author's machine?"""
