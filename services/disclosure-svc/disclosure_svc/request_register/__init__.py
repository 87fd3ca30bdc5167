"""The register of one year, which numbers requests without a gap (依申请公开登记)."""
