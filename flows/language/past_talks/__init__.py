"""Real talks of the past: done again through a draft, and written down as tests."""
