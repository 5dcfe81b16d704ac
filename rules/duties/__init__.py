"""Who must be told of an incident, by when, and with what contents."""
