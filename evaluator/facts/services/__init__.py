"""How are trained models kept, taken up again, and put to use by apps?"""
