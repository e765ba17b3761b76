"""What looks like a credential, what only stands for one, and how is one masked?"""
