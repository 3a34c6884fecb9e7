"""How the Bot API is reached: one call, over aiohttp, and why there was no answer. It refuses to know what is asked."""
