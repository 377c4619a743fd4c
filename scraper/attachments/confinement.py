"""Limits a process that reads hostile files: memory, open files, and what it may do to the machine.

A fault in a library of C may let a file run code of its own. So the kernel (seccomp, Linux on x86-64 and ARM64) refuses to this process all
calls that change files, start programs, use the network or reach other processes. Other systems have the limits only, and Python's own
checks of the same things, which code in C can pass by.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

OPEN_FILES = 64  # libraries open a few: fonts, tables, their own modules
_LOOK = 0.5  # seconds between two looks whether the parent process is still there
_NICE = 5  # crawls and pages come first

# Numbers of system calls: x86-64, ARM64. None: the system has no such call.
_REFUSED: tuple[tuple[int | None, int | None], ...] = (
    (59, 221), (322, 281), (57, None), (58, None), (435, 435),  # execve, execveat, fork, vfork, clone3 (clone is used instead)
    (41, 198), (42, 203), (49, 200), (44, 206), (46, 211), (53, 199),  # socket, connect, bind, sendto, sendmsg, socketpair
    (85, None), (437, 437), (82, None), (264, 38), (316, 276),  # creat, openat2, rename, renameat, renameat2
    (87, None), (263, 35), (83, None), (258, 34), (84, None),  # unlink, unlinkat, mkdir, mkdirat, rmdir
    (86, None), (265, 37), (88, None), (266, 36), (76, 45), (77, 46),  # link, linkat, symlink, symlinkat, truncate, ftruncate
    (90, None), (91, 52), (268, 53), (92, None), (93, 55), (94, None), (260, 54),  # chmod and chown in all forms
    (133, None), (259, 33), (165, 40), (166, 39), (161, 51), (155, 41), (280, 88),  # mknod, mount, umount, chroot, pivot_root, utimensat
    (188, 5), (189, 6), (190, 7), (197, 14), (198, 15), (199, 16),  # setxattr, removexattr in all forms
    (62, 129), (101, 117), (310, 270), (311, 271), (319, 279),  # kill, ptrace, process_vm_readv and _writev, memfd_create
    (321, 280), (425, 425), (272, 97), (308, 268), (250, 219), (323, 282), (29, 194), (30, 196),
    # the last line: bpf, io_uring_setup, unshare, setns, keyctl, userfaultfd, shmget, shmat
)  # fmt: skip
_OPEN, _OPENAT, _CLONE = (2, None), (257, 56), (56, 220)
_WRITING = 0x3 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_THREAD = 0x10000  # CLONE_THREAD
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000  # x86-64 has a second set of numbers for the same calls


def confine(memory: int) -> bool:
    """Limits this process for the rest of its life. `memory`: bytes that it may use. Returns whether the kernel refuses harmful calls."""
    with suppress(OSError):
        os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")  # if the machine has no memory left, this process ends first
    for limit, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_AS, 2 * memory + 1024**3),  # libraries reserve more than they use
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    is_refusing = _refuse_calls()
    sys.addaudithook(_refuse_events)
    return is_refusing


def end_with_parent() -> None:
    """Makes this process end soon after the one that started it, also in the middle of a file."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _refuse_events(event: str, arguments: tuple[object, ...]) -> None:
    """Raises: PermissionError for the events of Python that would change something outside of this process."""
    if event == "open" and len(arguments) > 2 and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError(errno.EPERM, "a reader of files may not write files")
    if event.startswith(("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "socket.connect", "socket.bind")):
        raise PermissionError(errno.EPERM, f"a reader of files may not do this: {event}")


def _refuse_calls() -> bool:
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    program = _program(*_MACHINES[platform.machine()])
    code = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    described = Program(len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_filter, by_program = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(set_filter, by_program, ctypes.byref(described), 0, 0) == 0)


def _program(column: int, architecture: int) -> bytes:
    """Returns the program that the kernel runs for each system call: a list of instructions of 8 bytes (Berkeley packet filter)."""
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    if column == 0:
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for numbers in _REFUSED:
        if (number := numbers[column]) is not None:
            steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    for numbers, argument, bits, refused_if_set in ((_OPEN, 1, _WRITING, True), (_OPENAT, 2, _WRITING, True), (_CLONE, 0, _THREAD, False)):
        if (number := numbers[column]) is not None:
            jumps = (0, 1) if refused_if_set else (1, 0)
            steps += [(_EQUAL, 0, 4, number), (_LOAD, 0, 0, _ARGUMENTS + 8 * argument), (_ANY_BIT, *jumps, bits)]
            steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
