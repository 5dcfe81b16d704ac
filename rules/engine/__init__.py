"""What every topic of law stands on: reading, dating, counting, and saying what is wrong."""
