"""손해배상: the multiple of proven loss, the statutory sum, and scenarios by the head; never a forecast."""
