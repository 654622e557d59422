"""How the shelf is made: a readable source of our own → MusicXML in `valentin.repertoire`.

`python -m engraving` writes every piece again; `notation.md` describes the source. Nothing here is
needed at run time.
"""
