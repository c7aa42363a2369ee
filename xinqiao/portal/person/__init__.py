"""Pages of a natural person who stands in a business's file: hers alone, whatever role she has besides, or none."""
