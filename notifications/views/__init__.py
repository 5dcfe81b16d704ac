"""The pages of this app, by subject: papers, and mail with its reminders."""
