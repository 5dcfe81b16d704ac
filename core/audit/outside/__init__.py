"""Programs that check an audit bundle by themselves. They travel in every bundle, and import nothing of ours."""
