"""The first version of the interface. A released version's answers only gain members, never lose or change them."""
