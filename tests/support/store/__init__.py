"""Stores with sample content, copies of the audit, attacks on both, and failing disks."""
