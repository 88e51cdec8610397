"""政策: the rules tried out; nothing is stored."""
