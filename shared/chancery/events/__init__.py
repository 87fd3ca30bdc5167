"""Every event type of every service, declared once."""
