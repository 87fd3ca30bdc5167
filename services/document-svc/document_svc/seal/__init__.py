"""The use of a seal (用印): asked for, approved, used by its keeper, filed."""
