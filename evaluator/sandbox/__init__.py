"""Where does the candidate's code run, and what can it reach from there?"""
