"""Standard output and error as the figures' commands use them, whatever reads them."""

import codecs
import os
import sys
import unicodedata

ENDED_BY_CTRL_C = 130
_PLAIN = {"–": "-", "×": "x", "±": "+-", "µ": "u", "Σ": "sum", "·": "*", "←": "<-", "→": "->"}


def write_plainly():
    """From now on what a terminal's encoding has not is written in letters that it has."""
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="plain")


def _plain(error):
    """An error handler of codecs. Bytes of a file's name that are no text are written as they are."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"".join(map(_bytes_of, error.object[error.start:error.end])), error.end


def _bytes_of(letter):
    if "\udc80" <= letter <= "\udcff":  # what os.fsdecode makes of such a byte
        return bytes([ord(letter) - 0xDC00])
    plain = _PLAIN.get(letter) or unicodedata.normalize("NFKD", letter)[0]
    return plain.encode("ascii", "replace")


def run(command, arguments):
    """The exit status of `command(arguments)`, without a traceback where Ctrl-C ends it or the
    reader of its output has gone."""
    try:
        status = command(arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("plots: interrupted", file=sys.stderr)
        return ENDED_BY_CTRL_C
    except BrokenPipeError:
        # Python writes what is left once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
