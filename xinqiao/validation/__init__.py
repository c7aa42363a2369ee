"""The figures a model is judged by, once it is known what became of those it judged. Arrays in, numbers out.

`risk` always rises with the danger: a probability of default as it is, a score with its sign turned (`-score`). `bad`
is what became of the subject. A figure that the rows do not define (one class only, no rows) is None, never a number
that looks like one. NaN or a wrong shape where a value is needed is the caller's mistake and raises `ValueError`.
"""
