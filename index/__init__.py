"""Passages to what a question can search. Import from the modules: index.store, index.embed, index.ingest."""

__all__: list[str] = []
