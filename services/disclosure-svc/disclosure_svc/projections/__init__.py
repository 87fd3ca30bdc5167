"""One file per question somebody asks of disclosure."""
