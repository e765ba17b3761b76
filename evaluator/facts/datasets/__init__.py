"""Which calls and files bring data in?"""
