"""What runs the real programs against each other is that of the tests in tests/e2e."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "e2e"), str(TESTS / "tree"), str(TESTS.parent)]
