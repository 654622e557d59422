"""The studio's server: HTTP on this machine, pages, streamed sound.

**Knows nothing of** algorithms: what is played, engraved or taught comes from `pianist`.
"""

from valentin.serving.library import Library
from valentin.serving.running import serve
from valentin.serving.studio import studio

__all__ = ["Library", "serve", "studio"]
