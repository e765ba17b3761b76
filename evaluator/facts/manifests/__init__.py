"""How is each kind of file that declares dependencies read?"""
