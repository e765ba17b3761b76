"""How is told what a project's code leads to beyond what it says itself?"""
