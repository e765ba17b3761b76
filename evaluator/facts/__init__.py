"""What is true of the project, as far as reading shows it?"""
