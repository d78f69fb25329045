"""Walking every way of a flow by itself: what no test thought of."""
