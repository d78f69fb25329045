"""What a message looks like on LINE, and LINE's limits. Pure."""
