"""How does one see what an analysis of a model is for: from the call that makes it to what a reader is shown?"""
