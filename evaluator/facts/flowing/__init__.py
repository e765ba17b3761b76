"""What was learned from which rows, found by following a program's values from statement to statement?"""
