"""What a unit publishes of its own accord, edition by edition (部门主动公开基本目录)."""
