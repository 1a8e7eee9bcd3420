"""Includes point one way: docs say which room may stand on which, and this holds the code to it."""

import re

import pytest
from files import CPP, ROOT, files, plant

# A room, and what it may include besides itself.
ARROWS = {
    "common/base": [],
    "common/net": ["common/base"],
    "common/wire": ["common/base"],
    "common/storage": ["common/base"],
    "common/exchange": ["common/base", "common/net", "common/wire"],
    "common/report": ["common/base", "common/net"],
    "common/serve": ["common/base", "common/net", "common/wire", "common/storage",
                     "common/exchange"],
    "common/download": ["common/base", "common/net", "common/wire", "common/storage",
                        "common/exchange", "common/report"],
    "common/cli": ["common/base", "common/net", "common/wire", "common/exchange",
                   "common/report", "common/download"],
    "linkem": ["common/base", "common/net", "common/cli"],
    "bench/runner": ["common/base", "common/cli", "linkem"],
    "bench/load": ["common/base", "common/net", "common/wire", "common/cli", "common/report"],
    "bench/requests": ["common"],
    "bench/micro": [""],
    "tests": [""],
}  # fmt: skip
PART = re.compile(r"part\d+_[a-z]+")


def room_of(path):
    """The room that a path from the root lies in, or None."""
    parts = path.split("/")
    for room in ("/".join(parts[:2]), parts[0]):
        if room in ARROWS or PART.fullmatch(room):
            return room
    return None


def may_include(room, path):
    allowed = [room, "common"] if PART.fullmatch(room) else [room, *ARROWS[room]]
    return any(target == "" or path.startswith(target + "/") for target in allowed)


def crossed_walls(root):
    """Every include that breaks a rule, as "file:line: what"."""
    wrong = []
    for file in files(root, *CPP):
        path = file.relative_to(root).as_posix()
        room = room_of(path)
        if room is None:
            wrong.append(f"{path}: lies in no room that tests/tree/test_arrows.py knows")
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            quoted = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            angled = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
            place = f"{path}:{number}"
            if angled and room_of(angled[1]):
                wrong.append(f"{place}: <{angled[1]}> is ours: write it in quotes")
            elif quoted and not (root / quoted[1]).is_file():
                wrong.append(f'{place}: "{quoted[1]}" is no path from the root of the tree')
            elif quoted and not may_include(room, quoted[1]):
                wrong.append(f"{place}: {room} may not include {quoted[1]}")
    return wrong


def test_every_include_follows_the_arrows():
    assert crossed_walls(ROOT) == []


def test_the_rooms_are_there_to_be_looked_at():
    rooms = {room_of(file.relative_to(ROOT).as_posix()) for file in files(ROOT, *CPP)}
    assert {"common/base", "common/net", "part1_single", "bench/runner"} <= rooms


SEEDED = [
    ("common/base/a.cpp", '#include "common/net/x.hpp"', "common/base may not include"),
    ("common/storage/a.hpp", '#include "common/net/x.hpp"', "common/storage may not include"),
    ("part1_single/a.cpp", '#include "part2_packets/x.hpp"', "part1_single may not include"),
    ("bench/runner/a.cpp", '#include "common/net/x.hpp"', "bench/runner may not include"),
    ("common/net/a.cpp", '#include "x.hpp"', "is no path from the root"),
    ("common/net/a.cpp", '#  include "../net/x.hpp"', "is no path from the root"),
    ("common/net/a.cpp", "#include <common/net/x.hpp>", "write it in quotes"),
    ("stray/a.cpp", "", "lies in no room"),
]


@pytest.mark.parametrize("path, text, complaint", SEEDED)
def test_a_crossed_wall_is_found(tmp_path, path, text, complaint):
    plant(tmp_path, "common/net/x.hpp", "")
    plant(tmp_path, "part2_packets/x.hpp", "")
    plant(tmp_path, path, text + "\n")
    wrong = crossed_walls(tmp_path)
    assert len(wrong) == 1 and path in wrong[0] and complaint in wrong[0]


DOORS = ["common/net", "common/serve", "part1_single", "tests/net", "bench/micro", "linkem"]


@pytest.mark.parametrize("room", DOORS)
def test_an_open_door_is_no_wall(tmp_path, room):
    plant(tmp_path, "common/net/x.hpp", "#include <vector>\n")
    plant(tmp_path, f"{room}/y.cpp", '#include "common/net/x.hpp"\n')
    assert crossed_walls(tmp_path) == []
