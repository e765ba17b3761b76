"""What did the user type, and what is printed in return?"""
