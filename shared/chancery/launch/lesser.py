"""Run a program as a lesser user, who may where needed still reach a folder that only root may enter.

PostgreSQL refuses to run as root, and a checkout below root's home, or in a temporary folder of root's, is closed to
everybody else. Nothing is opened to others for that: the program keeps one right of root's, to pass folders, and
no other. A script of its own, for it must be the process that becomes the program:
``python lesser.py UID GID keep|drop PROGRAM ARGUMENT…``; with *drop* not even that right is kept.
"""

import ctypes
import os
import sys

CAP_DAC_OVERRIDE = 1
PR_SET_SECUREBITS = 28
NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Word(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def become(uid: int, gid: int) -> None:
    """Become that user, with the right to pass folders and no other right of root's.

    Raises:
        OSError: the kernel does not let us.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def done(answer: int, what: str) -> None:
        if answer != 0:
            raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")

    # Becoming somebody else takes no right by itself then, and access(2), which the program asks, minds those we keep.
    done(libc.prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0), "PR_SET_SECUREBITS")
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    bit = 1 << CAP_DAC_OVERRIDE
    words = (_Word * 2)(_Word(bit, bit, bit), _Word(0, 0, 0))
    done(libc.capset(ctypes.byref(_Header(VERSION_3, 0)), ctypes.byref(words)), "capset")
    done(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0), "PR_CAP_AMBIENT_RAISE")


def main(arguments: list[str]) -> None:
    uid, gid, how, program, *rest = arguments
    if how == "keep":
        try:
            become(int(uid), int(gid))
        except OSError as error:
            sys.exit(
                f"{program} does not run as root, and the user {uid}, as whom we would start it, cannot enter its "
                f"folder or the data's ({error}). Use a checkout that other users may enter, or start as another user."
            )
    else:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.execv(program, [program, *rest])  # noqa: S606  to become it is the point


if __name__ == "__main__":
    main(sys.argv[1:])
