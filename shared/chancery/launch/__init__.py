"""Starting the real parts: PostgreSQL and NATS from wheels, and the services as processes of their own."""
