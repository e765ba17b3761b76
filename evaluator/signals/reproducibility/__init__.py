"""Could somebody else obtain these results again?"""
