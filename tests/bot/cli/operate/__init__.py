"""Commands that keep the bot running, typed as an operator types them."""
