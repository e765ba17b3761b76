"""What does a test come to, and is it the real thing?"""
