"""What has to be public beside documents: opened by itself, published, withheld, or covered (公开事项)."""
