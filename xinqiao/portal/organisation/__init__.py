"""For an organisation's administrator: its branches, its people, and what is open with them."""
