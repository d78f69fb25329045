"""What each kind of file may hold: shapes, and the readers that turn nodes into them."""
