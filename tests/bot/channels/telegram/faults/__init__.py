"""Tests of `bot/channels/telegram/` while something fails: Telegram, the disk, the process, or what is sent."""
