"""What a unit does with a document handed over to it, and by when (交办、办结)."""
