"""归集: what departments deliver, how it is read, what goes back."""
