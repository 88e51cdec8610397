"""Who acts, at which post or by which grant, and how far he reaches; the two locks read it from here."""
