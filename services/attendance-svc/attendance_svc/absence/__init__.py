"""One absence: leave, trip or outing, from its announcement to the return (外出请假、报备)."""
