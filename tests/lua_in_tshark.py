"""Tells whether tshark runs Lua scripts here: since Wireshark 4.4 it does not for root."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CAPTURE = Path(__file__).parents[1] / "docs" / "wireshark" / "part1.pcap"


def obstacle():
    """Why it does not; "" where it does."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        print('Proto("trial", "A protocol to try")', file=script, flush=True)
        tried = subprocess.run(["tshark", "-X", f"lua_script:{script.name}", "-r", CAPTURE,
                                "-Y", "trial"], capture_output=True)  # fmt: skip
    if tried.returncode == 0:
        return ""
    return "this tshark runs no Lua scripts" + (" for root" if os.geteuid() == 0 else "")


if __name__ == "__main__":
    sys.exit(obstacle() or None)
