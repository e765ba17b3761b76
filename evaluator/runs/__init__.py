"""What happens when the project is installed and run?"""
