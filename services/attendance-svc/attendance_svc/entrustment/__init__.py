"""What one leader gives another to do for him (委托)."""
