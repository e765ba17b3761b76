"""How is the suite planned, and what is made of its testimony?"""
