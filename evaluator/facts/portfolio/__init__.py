"""How are several projects in one repository told from the parts of one? The working rooms of ``facts.projects``."""
