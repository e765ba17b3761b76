"""Which numbers does a text state, and of what?"""
