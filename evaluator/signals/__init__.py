"""Which questions would a recruiter or reviewer ask, and how much of the answer is there?"""
