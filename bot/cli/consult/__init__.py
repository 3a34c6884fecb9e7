"""The commands about one assessment, which need no store: chat, items, score, summary."""
