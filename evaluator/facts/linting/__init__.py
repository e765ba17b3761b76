"""How is it told from files and commands which linters and formatters are set up?"""
