"""Files to documents to passages. Import from the modules: documents.read, documents.split, documents.types."""

__all__: list[str] = []
