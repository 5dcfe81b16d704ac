"""공표: which criteria of which edition the case meets, for how long, by order or not, and the table of the notice."""
