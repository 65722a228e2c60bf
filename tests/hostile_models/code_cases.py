"""The hostile list, where the attack is code in the architecture file."""

from functools import partial

from tests.hostile_models import upload
from tests.hostile_models.case import AT_LOAD, AT_RUN, FINE, STOPPED, WRONG, Case


def case(attack: str, moment: str, answers: tuple[str, str, str], says: str, **limits: int) -> Case:
    """An attack of `architecture.py` at its moment."""
    make = partial(upload.with_code, attack=attack, moment=moment)
    return Case(f"{attack}-{moment}", make, answers, says, limits)


_PROCESSES = r"more processes and threads than the box may have \(64\)"
_MEMORY = r"more memory than the (box has \()?768 MiB"
_SCRATCH = r"more files than the box has room for \(384 MiB of scratch\)"

CASES = (
    case("loops", "forward", STOPPED, r"time limit.*still running after 8 s", box_seconds=8),
    case("loops", "import", STOPPED, r"time limit.*still running after 8 s", box_seconds=8),
    case("sleeps", "init", STOPPED, r"time limit.*still running after 8 s", box_seconds=8),
    case("forks", "init", AT_LOAD, _PROCESSES),
    case("threads", "forward", AT_RUN, _PROCESSES),
    case("asks_for_100_gb", "init", AT_LOAD, _MEMORY),
    case("takes_100_gb", "forward", STOPPED, r"memory limit.*768 MiB.*there is no swap"),
    case("tensor_of_100_gb", "forward", AT_RUN, _MEMORY),
    case("fills_disk", "forward", AT_RUN, _SCRATCH),
    case("one_huge_file", "import", AT_LOAD, _SCRATCH),
    case("prints_10_gb", "forward", STOPPED, r"output limit.*printed more than 32 MiB"),
    case("opens_sockets", "import", FINE, r"create_connection.*PermissionError.*AF_INET.*PermissionError.*gaierror"),
    case("insists_on_a_socket", "forward", AT_RUN, r"PermissionError: .*Operation not permitted"),
    case("reads_proc", "forward", FINE, r"HOARD"),
    case(
        "deletes_inputs",
        "import",
        FINE,
        r"left in /in: \['architecture.py', .*'state.pt', 'test_input.npy'\]",
    ),
    case("kills_its_parent", "init", FINE, r"kill\(1,.*still here"),
    case("stops_the_first", "forward", STOPPED, r"ended with exit code \d+"),
    case("leaves_a_child", "forward", FINE, r""),
    case("exits_without_a_word", "import", STOPPED, r"broke the protocol.*ended without a word"),
    case("exits_politely", "forward", AT_RUN, r"ended the interpreter \(exit code 0\)"),
    case("segfaults", "forward", STOPPED, r"exit code 139 \(segmentation fault\)"),
    case("forges_success", "forward", WRONG, r"of 4,096 elements \(9\d\d,\d\d\d ppm\) differ by more than"),
    case("forges_and_goes_on", "forward", STOPPED, r"sent the frame 'produced' twice"),
    case("forges_the_verdict", "import", STOPPED, r"sent the frame 'verdict', which nobody asked for"),
    case("writes_1_gb_report", "forward", STOPPED, r"output limit.*hand out 1 GiB.*is 32 MiB"),
    case("claims_a_large_report", "init", STOPPED, r"'produced' has 307202 bytes; 262144 are allowed"),
    case("searches_expected", "forward", WRONG, r"of 4,096 elements \(9\d\d,\d\d\d ppm\) differ by more than"),
    case("other_shape", "forward", WRONG, r"its shape is \[1, 1, 32, 32\], expected \[1, 1, 64, 64\]"),
    case("not_a_number", "forward", WRONG, r"every element is NaN"),
)
