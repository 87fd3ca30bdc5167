"""What the public talks about, emergencies, messages: what is done, and the answer (舆情、突发事件、网上来件)."""
