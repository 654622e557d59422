"""valentin: a concert pianist and piano teacher in software."""

__version__ = "0.1.0"

__all__ = ["__version__"]
