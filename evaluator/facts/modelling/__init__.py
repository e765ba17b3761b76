"""Where are rows split, models fitted and scored, and is chance held still?"""
