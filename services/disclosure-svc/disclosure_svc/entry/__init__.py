"""An entry of the public catalogue, from an issued document to its publication (公开目录条目)."""
