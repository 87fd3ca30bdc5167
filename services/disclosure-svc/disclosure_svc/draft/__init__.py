"""Drafts that lie open for comment before they are decided, and what became of the comments (决策预公开)."""
