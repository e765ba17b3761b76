"""How are scripts in R read: their packages, functions and manifests?"""
