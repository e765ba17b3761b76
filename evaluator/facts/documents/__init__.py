"""How are Markdown, rst, HTML and notebook pages read as documents?"""
