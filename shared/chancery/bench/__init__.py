"""How fast the house is, as ratios against the raw limit of the same machine in the same run."""
