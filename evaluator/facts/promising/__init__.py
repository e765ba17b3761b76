"""Which promises of documents can be checked, and how?"""
