"""Reading what arrived: bytes become rows of text, strictly, within bounded memory. Knows no field and no rule."""
