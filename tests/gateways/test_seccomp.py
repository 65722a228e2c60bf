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


def test_it_says_nothing_that_docker_20_10_0_or_its_runc_does_not_know():
    """Neither an action of runc 1.1, which an older one refuses, nor an errno of its own, which an older engine passes over."""
    known = {"SCMP_ACT_KILL", "SCMP_ACT_ERRNO", "SCMP_ACT_TRAP", "SCMP_ACT_ALLOW", "SCMP_ACT_TRACE", "SCMP_ACT_LOG"}
    assert PROFILE.keys() == {"defaultAction", "archMap", "syscalls"}
    assert {rule["action"] for rule in PROFILE["syscalls"]} <= known
    assert {name for rule in PROFILE["syscalls"] for name in rule} == {"names", "action", "args"}


def test_clone3_is_said_not_to_exist():
    """What TRACE says where nobody traces, and nobody inside can: ENOSYS. libc takes EPERM for the last word."""
    assert answer("clone3") == "SCMP_ACT_TRACE"
    assert answer("ptrace") == "SCMP_ACT_ERRNO"


@pytest.mark.parametrize("name", NEVER)
def test_never_allowed(name):
    assert name not in ALLOWED


def test_sockets_of_the_unix_family_alone():
    for name in ("socket", "socketpair"):
        assert ALLOWED[name]["args"] == [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]


def answer(name, *arguments):
    """What the kernel would do; a rule without a condition goes before all others, as libseccomp has it."""
    rules = [rule for rule in PROFILE["syscalls"] if name in rule["names"]]
    rules = [rule for rule in rules if not rule.get("args")] or rules
    found = {rule["action"] for rule in rules if all(holds(arguments, one) for one in rule.get("args", ()))}
    assert len(found) <= 1
    return found.pop() if found else PROFILE["defaultAction"]


def holds(arguments, one):
    said = arguments[one["index"]]
    if one["op"] == "SCMP_CMP_MASKED_EQ":
        return said & one["value"] == one["valueTwo"]
    return said == one["value"]


@pytest.mark.parametrize("name", ["exit", "exit_group"])
def test_every_exit_code_may_be_said_but_that_of_a_killed_process(name):
    answers = {code: answer(name, code) for code in (*range(512), 2**64 - 1, 2**40 + 137)}
    refused = {code for code, said in answers.items() if said != "SCMP_ACT_ALLOW"}
    assert refused == {137, 256 + 137, 2**40 + 137}
    assert {answers[code] for code in refused} == {"SCMP_ACT_TRAP"}


def test_every_limit_may_be_lowered_but_that_of_processor_time():
    for number in range(17):
        allowed = "SCMP_ACT_ALLOW" if 0 < number < 16 else "SCMP_ACT_ERRNO"
        assert answer("setrlimit", number, 4096) == answer("prlimit64", 0, number, 4096) == allowed
    assert answer("setrlimit", 1 << 32, 4096) == answer("prlimit64", 0, 1 << 32, 4096) == "SCMP_ACT_ERRNO"


def test_every_limit_may_be_asked_for():
    assert {answer("prlimit64", 0, number, 0) for number in range(16)} == {"SCMP_ACT_ALLOW"}


def test_clone_without_namespace_flags():
    argument = ALLOWED["clone"]["args"][0]
    for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert argument["value"] & flag
    assert (argument["valueTwo"], argument["op"]) == (0, "SCMP_CMP_MASKED_EQ")


def test_no_foreign_architecture():
    assert all(entry["subArchitectures"] == [] for entry in PROFILE["archMap"])
