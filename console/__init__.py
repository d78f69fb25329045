"""The operators' room: sign-in, the JSON API, the live feed, and the command line."""
