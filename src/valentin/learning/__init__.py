"""Datasets and training; never imported at run time.

Run `python -m valentin.learning.train` from the project's root, with `VALENTIN_DATA` set; it needs
torch and lightgbm. Out: the weights of `valentin.shaping`.

**Conventions.** A work is never on both sides of a split, and weighs as one.

**Knows nothing of** nothing: it may know every room, and no room may know it.
"""
