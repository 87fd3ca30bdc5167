"""One file per question somebody asks of supervision."""
