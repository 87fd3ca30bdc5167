"""What people look at in a browser: the board, the run sheet, the decisions."""
