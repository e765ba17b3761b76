"""How is an environment built from what the project declares, out of reach of its configuration?"""
