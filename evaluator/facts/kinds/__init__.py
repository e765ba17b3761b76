"""How is told what a project is? The working rooms of ``facts.project_kind``."""
