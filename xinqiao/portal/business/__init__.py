"""For a business, phone first: its file, its grade, whom it authorised, who looked."""
