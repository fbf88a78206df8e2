"""Take pictures of the command at work with the Demo garage, as SVG.

Run it as `.venv/bin/python -m scripts.terminal_pictures`; they go to docs/screenshots.
"""

import os
from pathlib import Path
import re
import shlex
import subprocess
import sys
import tempfile
from typing import Final

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = {
    "terminal-show": ("carport cars", "carport show aurora", "carport timers aurora"),
    "terminal-lock": (
        "carport lock aurora",
        "carport charge limit aurora 45",
        "carport heater courier",
        "carport budget",
    ),
}
WIDTH: Final = 84
# Fonts would be fetched from elsewhere by whoever looks at the picture.
_FORMAT: Final = re.sub(
    r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL
)


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as home:
        run("carport add demo", home)
        for name, lines in PICTURES.items():
            console = Console(record=True, width=WIDTH, file=Path(os.devnull).open("w"))
            for line in lines:
                console.print(f"[bold]$ {line}[/bold]", highlight=False)
                console.print(Text.from_ansi(run(line, home)))
            svg = console.export_svg(
                title="carport", code_format=_FORMAT, unique_id="terminal"
            )
            path = ROOT / "docs" / "screenshots" / f"{name}.svg"
            path.write_text(svg + "\n", encoding="utf-8")


def run(line: str, home: str) -> str:
    """Run a line, and return what a terminal would show."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *shlex.split(line)[1:]],
        cwd=ROOT,
        env={
            **os.environ,
            "CARPORT_HOME": home,
            "COLUMNS": str(WIDTH),
            "FORCE_COLOR": "1",
            "TERM": "dumb",
            "TZ": "UTC",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout.rstrip()


if __name__ == "__main__":
    main()
