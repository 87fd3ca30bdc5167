"""What a sitting leaves on paper, made from what was recorded: the agenda, the attendance sheet, the minutes."""
