"""What several tests share: the shipped pack, conversations driven by label, TOML written from values."""
