"""Code that several tests share: test doubles, simulated people, sample packs, and replays of conversations."""
