"""What runs after the report: each letter, order or filing, and the periods it starts."""
