"""The index of all events: searched by matter, followed live, with the chain of causes."""
