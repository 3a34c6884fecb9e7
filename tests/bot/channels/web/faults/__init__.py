"""Tests of the pages during faults: crashes, repeated or racing forms, disk faults, bad connections, forged forms."""
