"""``python -m chancery.rules.lint FOLDER``: everything wrong with a pack, or with a folder of packs, at once."""

import sys
from collections.abc import Sequence
from pathlib import Path

from chancery.rules.loader import PackRefused, load_folder, load_pack, uncited


def main(arguments: Sequence[str]) -> int:
    """0 where nothing is wrong, 1 with one line per problem, 2 where no folder is named."""
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(arguments[0])
    try:
        packs = [load_pack(folder)] if (folder / "pack.yaml").exists() else list(load_folder(folder).values())
    except PackRefused as refused:
        lines = [*map(str, refused.problems), f"{len(refused.problems)} 处问题 problems"]
        sys.stderr.write("\n".join(lines) + "\n")
        return 1
    for pack in packs:
        cited, given_up, _ = pack.coverage()
        left = ", ".join(uncited(pack)) or "0"
        figures = f"引用 cited {len(cited)}, 不建模 given up {len(given_up)}, 未引用 uncited {left}"
        sys.stdout.write(f"{pack.head.id}@{pack.head.version}: {figures}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
