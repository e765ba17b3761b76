"""Which of the absolute paths in code are of one machine?"""
