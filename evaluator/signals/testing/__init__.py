"""Do the project's tests exist, can they fail, and what happens when they are run?"""
