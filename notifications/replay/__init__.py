"""Playing a recorded case through the services, on the case's own clock."""
