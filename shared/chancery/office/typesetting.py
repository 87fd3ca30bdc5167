"""Sets one paper in a process of its own: what is read comes on standard input, the PDF goes out on standard output.

A run that never ends, or one that falls, takes nobody with it. Nothing but the layout's own folder can be read from
within a paper, and a paper's text is never looked at as anything but text.
"""

import json
import resource
import sys
from pathlib import Path

import typst

LAYOUT = Path(__file__).with_name("layout")


def main() -> None:
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=asked["folders"])
    compiler = typst.Compiler(str(LAYOUT / "paper.typ"), root=str(LAYOUT), font_paths=fonts)
    given = json.dumps({"paper": asked["paper"], "faces": asked["faces"], "keywords": asked["keywords"]})
    made = compiler.compile(
        format="pdf", sys_inputs={"paper": given}, pdf_standards=["a-2u"], timestamp=asked["timestamp"]
    )
    if not isinstance(made, bytes):
        raise TypeError("the PDF of one paper is one file")
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
