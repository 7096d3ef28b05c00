"""Writes the import files of every demonstration organisation: `python -m api.demo.generator`.

They are committed, so that anybody can open them and see what an import looks like.
"""

from __future__ import annotations

from api.demo.organisations import DEMONSTRATIONS

if __name__ == "__main__":
    for demonstration in DEMONSTRATIONS.values():
        demonstration.folder.mkdir(exist_ok=True)
        for file in demonstration.files:
            (demonstration.folder / file.name).write_bytes(file.content())
