"""How long a signed report takes, step by step, against a plain rendering of the same page."""
