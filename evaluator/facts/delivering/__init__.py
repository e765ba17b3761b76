"""What do the files that build, test, start and ship a project make a machine do?"""
