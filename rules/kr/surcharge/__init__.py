"""과징금: what a surcharge comes to under each regime since 2014, with every step; and its payment."""
