"""How is the history read without running anything of it?"""
