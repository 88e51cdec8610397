"""待遇: who receives what, from where it comes and how it ends."""
