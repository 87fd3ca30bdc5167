"""What people look at, filter and print."""
