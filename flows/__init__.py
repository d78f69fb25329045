"""The managers' room: the files that say what the bot does, and the language that they speak."""
