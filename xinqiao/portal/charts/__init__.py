"""Charts as the server draws them: SVG without a script, whose figures stand in a table beside it.

Geometry only: numbers in, places on the picture out. Words are the caller's; what a shape means is said in black and
white too, by its dashes and marks.
"""
