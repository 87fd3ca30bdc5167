"""What was decided is done."""
