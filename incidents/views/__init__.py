"""The pages of a case, by subject. Each finds, asks permission, calls one service, answers."""
