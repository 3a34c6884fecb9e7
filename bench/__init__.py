"""Benchmarks. Each prints ratios measured within one run, since machines are shared and noisy."""
