"""What does the project's R code do?"""
