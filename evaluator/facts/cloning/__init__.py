"""How are copies found among the project's lines?"""
