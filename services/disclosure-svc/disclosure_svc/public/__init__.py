"""The catalogue as the public sees it: published entries and nothing else, without a token."""
