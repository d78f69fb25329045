"""The customers' room: what LINE sends comes in here, and what the bot says goes out."""
