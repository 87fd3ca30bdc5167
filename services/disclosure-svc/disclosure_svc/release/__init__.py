"""What a unit makes known: news, facts, statements, reviewed by the way the rules name (信息发布)."""
