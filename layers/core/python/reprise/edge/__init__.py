"""HTTP and event translation: the only importer of Powertools and pydantic."""
