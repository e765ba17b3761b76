"""What does the history tell about the way of working?"""
