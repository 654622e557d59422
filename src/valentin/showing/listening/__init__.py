"""A listening page: pieces to hear and to see, as one HTML file that needs nothing else.

**Knows nothing of** HTTP, files, how the cues were found, how the sounds were made.
"""

from valentin.showing.listening.page import listening_page, page_name

__all__ = ["listening_page", "page_name"]
