"""What every store promises of what browsers hold."""
