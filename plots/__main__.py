import sys

from plots.cli import main
from plots.theory_report.command import main as theory

sys.exit(theory(sys.argv[2:]) if sys.argv[1:2] == ["theory"] else main(sys.argv[1:]))
