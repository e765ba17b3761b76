"""How is Python source read: parsed, resolved to names, and written down as records?"""
