"""What we do when others speak; one file per event heard."""
