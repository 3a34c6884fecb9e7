"""The bots that ours is compared with. Each shows the cards of a file one after another, and nothing else."""
