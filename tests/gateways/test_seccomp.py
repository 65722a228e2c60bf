"""The profile as data: what must never be on the list."""

import json

import pytest

from bot.gateways import seccomp

PROFILE = json.loads(seccomp.profile())
ALLOWED = {name: rule for rule in PROFILE["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]}
NEVER = [
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "bpf",
    "ptrace",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "open_tree",
    "move_mount",
    "fsopen",
    "fsmount",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "open_by_handle_at",
    "name_to_handle_at",
    "process_vm_readv",
    "process_vm_writev",
    "shmget",
    "shmat",
    "msgget",
    "semget",
    "mknod",
    "mknodat",
    "setuid",
    "setgid",
    "setresuid",
    "capset",
    "personality",
    "quotactl",
    "reboot",
    "swapon",
    "syslog",
    "acct",
    "iopl",
    "ioperm",
    "settimeofday",
    "clock_settime",
    "sethostname",
    "splice",
    "vmsplice",
    "tee",
    "memfd_create",
    "pidfd_getfd",
    "kcmp",
    "lookup_dcookie",
    "fanotify_init",
    "clone3",
    "seccomp",
    "landlock_create_ruleset",
]


def test_what_is_not_named_is_refused():
    assert PROFILE["defaultAction"] == "SCMP_ACT_ERRNO"


@pytest.mark.parametrize("name", NEVER)
def test_never_allowed(name):
    assert name not in ALLOWED


def test_sockets_of_the_unix_family_alone():
    for name in ("socket", "socketpair"):
        assert ALLOWED[name]["args"] == [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]


def test_clone_without_namespace_flags():
    argument = ALLOWED["clone"]["args"][0]
    for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert argument["value"] & flag
    assert (argument["valueTwo"], argument["op"]) == (0, "SCMP_CMP_MASKED_EQ")


def test_no_foreign_architecture():
    assert all(entry["subArchitectures"] == [] for entry in PROFILE["archMap"])
