"""What we do when our own absences, returns and entrustments are told: acting begins and ends."""
