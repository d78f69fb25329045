"""LINE as we see it from outside: the Messaging API with its real rules, and a phone in a page."""
