"""How are the experiments found: models and what they are compared with, searches, records, tables?"""
