"""Documents on paper. Pure: what was recorded becomes a ``Paper``."""
