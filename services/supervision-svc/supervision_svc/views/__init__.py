"""What people look at and print of the tasks."""
