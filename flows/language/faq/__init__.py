"""Which entry of the FAQ a question asks for, how surely, and what it could learn."""
