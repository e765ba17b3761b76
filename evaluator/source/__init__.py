"""What does a TARGET mean, and how are its bytes had without running any of it?"""
