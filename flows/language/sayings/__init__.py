"""What the language tells people, in each of their languages: stored as kind and parameters."""
