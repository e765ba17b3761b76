"""How well is the project built?"""
