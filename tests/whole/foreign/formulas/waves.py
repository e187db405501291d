"""Waves"""


def harmonic(f, n):
    r"""Frequency of a harmonic

    $$ f_n = n f $$

    f (): $f$ frequency of the fundamental, in hertz
    n (): $n$ number of the harmonic, from 1
    -> (): $f_n$ frequency of that harmonic

    Source: Helmholtz 1863

    >>> print(harmonic(110.0, 2))
    220.0
    """
    return n * f
