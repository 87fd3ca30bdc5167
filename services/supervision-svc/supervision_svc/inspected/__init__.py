"""A unit as it is inspected: what was planned there, what was found, and what was looked at again (督查检查)."""
