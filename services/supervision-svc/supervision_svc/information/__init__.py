"""What units tell the government, where it was used, and what they hear of it (政务信息)."""
