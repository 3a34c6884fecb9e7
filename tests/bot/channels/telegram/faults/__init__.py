"""Tests of `bot/channels/telegram/` during faults of Telegram, the disk or the process, and with faulty updates."""
