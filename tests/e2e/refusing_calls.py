"""Runs a program to which the kernel refuses system calls, as containers, sandboxes and some file
systems do.

    refusing_calls.py CALL=ERROR[,CALL=ERROR...] PROGRAM ARGUMENT...

CALL may be `map_ids`: to give up setgroups, without which nobody may map ids in a user namespace.
"""

import ctypes
import errno
import os
import struct
import sys

ARM = os.uname().machine == "aarch64"
NUMBERS = {
    "flock": 32 if ARM else 73,
    "io_uring_setup": 425,  # on every architecture, as all newer ones
    "openat2": 437,
    "unshare": 97 if ARM else 272,
    "write": 64 if ARM else 1,
}
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # linux/bpf_common.h
ALLOW, FAIL = 0x7FFF0000, 0x00050000  # seccomp(2)
NUMBER, THIRD_ARGUMENT = 0, 32  # where they stand in struct seccomp_data


class Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refusal(call, error):
    fail = (RETURN, 0, 0, FAIL | getattr(errno, error))
    if call != "map_ids":
        return (JUMP_IF_EQUAL, 0, 1, NUMBERS[call]), fail
    # A filter does not see the file, but no other write of our programs is as short as this one.
    return ((JUMP_IF_EQUAL, 0, 3, NUMBERS["write"]), (LOAD_WORD, 0, 0, THIRD_ARGUMENT),
            (JUMP_IF_EQUAL, 0, 1, len("deny")), fail, (LOAD_WORD, 0, 0, NUMBER))  # fmt: skip


def main():
    instructions = [(LOAD_WORD, 0, 0, NUMBER)]
    for word in sys.argv[1].split(","):
        instructions.extend(refusal(*word.split("=")))
    instructions.append((RETURN, 0, 0, ALLOW))
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    program = Program(len(instructions), code)
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            or prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))):  # fmt: skip
        sys.exit(f"refusing_calls: {os.strerror(ctypes.get_errno())}")
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
