"""The way of a document that came in among those who read it (拟办、传阅)."""
