"""Can a reader tell what was done, with what, how to do it again, and how well it works?"""
