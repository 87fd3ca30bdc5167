"""The operators' console: pages to look at, rendered on the server."""
