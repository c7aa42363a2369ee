"""The conformance kit: whether a platform answers as it must, and whether an institution's program asks as it should.

It knows the interface from outside alone, as an institution does. What each scenario is stands in `scenarios`; an id
never changes its meaning.
"""
