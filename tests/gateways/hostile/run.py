"""What runs in the hostile boxes: speaks the protocol as far as its attack wants, then attacks.

The job names the attack: a function of this file. What it finds out goes into the frame `produced` as JSON.
"""

# ruff: noqa: BLE001, PTH113, PTH118, PTH202, PTH208, T201, PERF401 - an attacker neither minds exceptions nor style

import contextlib
import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

OUT = os.dup(1)
os.dup2(2, 1)
LIBC = ctypes.CDLL(None, use_errno=True)


def write(data):
    view = memoryview(data)
    while view:
        view = view[os.write(OUT, view) :]


def frame(name, payload=b""):
    write(framed(name, payload))


def framed(name, payload):
    return struct.pack(">IQ", len(name.encode()), len(payload)) + name.encode() + payload


def read(size):
    data = b""
    while len(data) < size:
        piece = os.read(0, size - len(data))
        if not piece:
            sys.exit(0)
        data += piece
    return data


def tried(function, *arguments):
    try:
        return repr(function(*arguments))
    except BaseException as error:
        return f"{type(error).__name__} {getattr(error, 'errno', '')} {error}"


def syscall(number, *arguments):
    result = LIBC.syscall(number, *arguments)
    return f"result {result}" if result >= 0 else os.strerror(ctypes.get_errno())


def good(job):
    names = sorted(os.listdir("/in"))
    frame("tensor-0", b"x" * int(job.get("size", 10)))
    return {"inputs": names, "job": job}


def network(job):
    return {
        "tcp": tried(socket.create_connection, ("1.1.1.1", 80), 3),
        "loopback": tried(socket.create_connection, ("127.0.0.1", 80), 3),
        "udp": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("8.8.8.8", 53))),
        "tcp6": tried(socket.create_connection, ("2606:4700:4700::1111", 80), 3),
        "dns": tried(socket.getaddrinfo, "example.org", 80),
        "vsock": tried(socket.socket, 40, socket.SOCK_STREAM),
        "netlink": tried(socket.socket, 16, socket.SOCK_RAW),
        "packet": tried(socket.socket, 17, socket.SOCK_RAW),
        "alg": tried(socket.socket, 38, socket.SOCK_SEQPACKET),
        "disguised": syscall(41, ctypes.c_long((1 << 32) | 40), 1, 0),
        "interfaces": Path("/proc/net/dev").read_text().count(":"),
        "unix": tried(socket.socket, socket.AF_UNIX),
        "resolv": Path("/etc/resolv.conf").read_text() if Path("/etc/resolv.conf").exists() else "",
    }


def kernel(job):
    calls = {
        "io_uring_setup": (425, 8, ctypes.create_string_buffer(256)),
        "io_uring_enter": (426, 0, 0, 0, 0, 0, 0),
        "io_uring_register": (427, 0, 0, 0, 0),
        "keyctl": (250, 0, -3, 0),
        "add_key": (248, b"user", b"x", b"y", 1, -2),
        "bpf": (321, 0, 0, 0),
        "ptrace": (101, 0, 0, 0, 0),
        "userfaultfd": (323, 0),
        "perf_event_open": (298, 0, 0, -1, -1, 0),
        "mount": (165, b"none", b"/tmp", b"tmpfs", 0, 0),
        "umount2": (166, b"/in", 2),
        "open_tree": (428, -100, b"/in", 1),
        "move_mount": (429, -100, b"/in", -100, b"/tmp", 0),
        "unshare user": (272, 0x10000000),
        "unshare net": (272, 0x40000000),
        "setns": (308, 0, 0),
        "clone user": (56, 0x10000000 | 17, 0, 0, 0, 0),
        "clone3": (435, ctypes.create_string_buffer(88), 88),
        "init_module": (175, 0, 0, b""),
        "kexec_load": (246, 0, 0, 0, 0),
        "open_by_handle_at": (304, 0, 0, 0),
        "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
        "pivot_root": (155, b"/tmp", b"/tmp"),
        "chroot": (161, b"/tmp"),
        "shmget": (29, 0, 4096, 0o1600),
        "memfd_create": (319, b"x", 0),
        "settimeofday": (164, 0, 0),
        "setuid": (105, 0),
        "personality": (135, 8),
    }
    return {name: syscall(*numbers) for name, numbers in calls.items()}


def other_architecture(job):
    return {"x32 getpid": syscall(0x40000000 | 39)}


def identity(job):
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    return {
        "uid": os.getuid(),
        "gid": os.getgid(),
        "groups": os.getgroups(),
        "status": {key: status[key] for key in ("CapEff", "CapPrm", "CapBnd", "CapInh", "NoNewPrivs", "Seccomp")},
        "nofile": status and __import__("resource").getrlimit(7),
        "core": __import__("resource").getrlimit(4),
    }


def mounts(job):
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    found = {}
    for point in [*points, "/", "/etc", "/usr", "/var", "/run", "/root", "/home", "/dev", "/opt"]:
        path = Path(point)
        target = path / "planted" if path.is_dir() else path
        found[point] = tried(target.write_bytes, b"x")
    program = Path("/tmp/program")
    program.write_bytes(b"#!/bin/sh\necho yes\n")
    program.chmod(0o777)
    return {
        "written": found,
        "execute": tried(subprocess.run, [str(program)]),
        "input": tried(Path("/in/a.npy").write_bytes, b"x"),
        "chmod": tried(os.chmod, "/in/a.npy", 0o666),
        "unlink": tried(os.unlink, "/in/a.npy"),
        "mountinfo": Path("/proc/self/mountinfo").read_text(),
    }


def secrets(job):
    texts, left = (
        {},
        30_000,
    )  # of a frame of 256 KB, in which a NUL takes six; outside of a container there are many processes
    for process in [path for path in Path("/proc").iterdir() if path.name.isdigit()]:
        for name in ("environ", "cmdline"):
            with contextlib.suppress(OSError):
                text = (process / name).read_bytes().decode(errors="replace")[:left]
                texts[f"{process.name}/{name}"], left = text, left - len(text)
    return {"environ": dict(os.environ), "processes": texts}


def find(job):
    """Is the expected output anywhere? By a link planted beside our outputs, and by looking at every file."""
    planted = {}
    for target in job["paths"]:
        link = Path("/tmp") / f"tensor-{len(planted)}"
        link.symlink_to(target)
        planted[target] = tried(link.read_bytes)
    seen = []
    for folder, _, names in os.walk("/", onerror=lambda _: None):
        if folder.startswith(("/proc", "/sys", "/usr/lib", "/usr/share")):
            continue
        for name in names:
            with contextlib.suppress(OSError):
                path = os.path.join(folder, name)
                if (
                    os.path.isfile(path)
                    and os.path.getsize(path) < 10**6
                    and job["needle"].encode() in Path(path).read_bytes()
                ):
                    seen.append(path)
    return {"planted": planted, "seen": [path for path in seen if not path.startswith("/proc")]}


def memory(job):
    hoard = []
    for _ in range(int(job.get("gigabytes", 10)) * 64):
        hoard.append(b"x" * (16 * 1024**2))
    return {"held": len(hoard)}


def child_memory(job):
    code = "hoard = []\nwhile True: hoard.append(b'x' * (16 * 1024**2))"
    return {"child": subprocess.run([sys.executable, "-c", code], check=False).returncode}


def scratch(job):
    return {"full": tried(fill_scratch), "inodes": tried(fill_inodes)}


def fill_scratch():
    for number in range(10_000):
        Path(f"/tmp/big-{number}").write_bytes(b"x" * (4 * 1024**2))


def fill_inodes():
    for number in range(1_000_000):
        Path(f"/tmp/n{number}").touch()


def fork_bomb(job):
    started = 0
    try:
        while started < 100_000:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            started += 1
    except OSError as error:
        return {"started": started, "error": str(error)}
    return {"started": started}


def threads(job):
    started = 0
    try:
        for _ in range(100_000):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            started += 1
    except RuntimeError as error:
        return {"started": started, "error": str(error)}


def loop(job):
    print("looping")
    while True:
        pass


def sleepless(job):
    os.close(OUT)
    os.close(1)
    os.close(2)
    time.sleep(600)


def flood(job):
    size = 64 * 1024**2
    for number in range(16):
        frame(f"tensor-{number}", b"x" * size)


def announce(job):
    write(struct.pack(">IQ", 8, 2**62) + b"tensor-0")


def prints(job):
    piece = b"spam and eggs\n" * 100_000
    left = int(job["bytes"])
    while left > 0:
        left -= os.write(2, piece)
    os.write(2, "the last words \u2603\n".encode())
    return {}


def undeclared(job):
    frame(job["frame"], b"x")


def twice(job):
    frame("tensor-0", b"x")
    frame("tensor-0", b"y")


def silent(job):
    os._exit(0)


def lingers(job):
    frame("verdict", b"{}")
    frame("done", b"{}")
    time.sleep(600)


def crash(job):
    ctypes.string_at(0)


def exit_three(job):
    frame("produced", b"{}")
    frame("done", b"{}")
    os._exit(3)


def stays_on(job):
    frame(job.get("frame", "tensor-0"), b"x")
    if job.get("half"):
        write(struct.pack(">IQ", 8, 100) + b"tensor-1" + b"short")
    time.sleep(600)


def killed(job):
    """As if from outside, where there is no container."""
    frame("tensor-0", b"x")
    os.kill(os.getpid(), 9)


def naps(job):
    frame("tensor-0", b"x")
    time.sleep(job["seconds"])
    return {}


def kills(job):
    """Nobody in here can kill its first process; outside of a container this would kill everybody."""
    if os.getpid() != 1:
        sys.exit("not in a box")
    other = subprocess.Popen([sys.executable, "-c", "import os; os.kill(1, 9); os.kill(os.getpid(), 9)"])
    return {"other": other.wait(), "itself": tried(os.kill, os.getpid(), 9), "all": tried(os.kill, -1, 9)}


def exits(job):
    """With the code that a killed process has, in every way there is; the signal that this brings is `handled` or not."""
    handled = {
        "ignored": lambda: signal.signal(signal.SIGSYS, signal.SIG_IGN),
        "blocked": lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGSYS}),
        "caught": lambda: signal.signal(signal.SIGSYS, lambda *_: None),
    }
    handled.get(job.get("handled"), lambda: None)()
    ways = {
        "_exit": lambda: os._exit(137),
        "_exit of more bits": lambda: os._exit(137 + 256),
        "sys.exit": lambda: sys.exit(137),
        "thread": lambda: threading.Thread(target=os._exit, args=(137,)).start() or time.sleep(60),
        "exit": lambda: LIBC.syscall(60, 137),
        "exit_group of 64 bits": lambda: LIBC.syscall(231, ctypes.c_ulong(1 << 40 | 137)),
    }
    ways[job["way"]]()
    os._exit(7)


def processor_time(job):
    limit = struct.pack("QQ", 1, 1)
    asked = __import__("resource")
    found = {
        "setrlimit": tried(asked.setrlimit, asked.RLIMIT_CPU, (1, 1)),
        "setrlimit of itself": syscall(160, 0, limit),
        "setrlimit disguised": syscall(160, ctypes.c_ulong(1 << 32), limit),
        "prlimit": syscall(302, 0, 0, limit, None),
        "prlimit disguised": syscall(302, 0, ctypes.c_ulong(1 << 32), limit, None),
    }
    return found | {"asked": asked.getrlimit(asked.RLIMIT_CPU), "files": tried(asked.setrlimit, 7, (100, 100))}


def cut(job):
    write(struct.pack(">IQ", 8, 100) + b"tensor-0" + b"short")
    os._exit(0)


def garbage(job):
    write(b"\xff" * 100)


def bad_done(job):
    frame("done", b"[NaN]")


def after_done(job):
    """In one write: a busy machine must not hold the second frame back until nobody listens any more."""
    write(framed("done", b"{}") + framed("tensor-0", b"late"))


def forged_job(job):
    print("this print must not enter the protocol", flush=True)
    os.write(1, struct.pack(">IQ", 8, 1) + b"tensor-0x")
    return {}


def main():
    frame("ready")
    length, size = struct.unpack(">IQ", read(12))
    read(length)
    job = json.loads(read(size))
    found = globals()[job["attack"]](job)
    frame("produced", json.dumps(found).encode())
    frame("done", json.dumps({"seconds": {}, "peak_memory_bytes": 12345}).encode())


main()
