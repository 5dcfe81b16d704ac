"""과태료: what each act costs under the annex of its day, step by step, and what is dropped or added."""
