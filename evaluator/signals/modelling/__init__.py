"""Is the modelling sound, and is that shown?"""
