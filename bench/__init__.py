"""Benchmarks. Each prints ratios of times that were measured in the same run, since machines are shared and noisy."""
