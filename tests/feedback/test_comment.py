"""The report comment: golden files for what is usual, and what a hostile model may put into one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import plain_json
from bot.feedback.comment import LIMIT, ReportView, report_comment
from bot.feedback.gallery import Gallery
from bot.feedback.state_block import REPORT_MARKER, seal, unseal
from bot.records.stage import Stage
from bot.records.verdict import Artefact, Check, Comparison, Outcome, Picture, Suggestion, Tensor, Weights
from bot.records.verdict import report as read
from bot.words import sentences
from tests.fakes import markdown
from tests.fakes.facts import PLACE, POLICY, finding, state, verdict
from tests.fakes.failing import ARCHIVE, PICTURE, failing_json, failing_report
from tests.fakes.golden import golden
from tests.fakes.workshop import waiting

SOURCE = "https://zenodo.example/records/1001"
CHECKS = "https://github.example/zoo/collection/pull/5/checks"
GITHUB = 65_536
KEY, WHERE = b"a state key of good length", "zoo/collection#5"
HOSTILE = (
    "@everyone `@here` ``` ~~~ [skip ci] Closes #1 zoo/collection#2 GH-3 <b onclick=x>bold</b> </details> \u202egnp.exe\u202c "
    "| a | b |\n\n```\n@ada\n```\n--> <!-- accession:report -->\n<!-- accession:evidence -->\n\n![p](https://evil.example/p.png) "
    "[x](https://evil.example) https://evil.example www.evil.example \\` \ud800 <details><summary>"
)
PASSED = Outcome("passed", "", "")


def view(report=None, **changes):
    made = ReportView(
        place=PLACE,
        stage=Stage.AWAITING_REVIEW,
        wait=sentences.wait_review(POLICY, 0, {}),
        report=report or verdict(),
        mentions=("ada",),
        source=SOURCE,
        checks_url=CHECKS,
    )
    return replace(made, **changes)


def failed(**changes):
    return view(verdict("failed"), stage=Stage.NEEDS_CHANGES, wait=sentences.wait_changes(), **changes)


def with_report(made, **changes):
    return replace(made, report=replace(made.report, **changes))


def test_a_passed_report_is_the_golden_one():
    golden("report_passed", report_comment(view()).text)


def test_a_failed_report_shows_findings_suggestions_advice_and_tensors():
    findings = (
        finding(4),
        finding(
            7, level="policy", rule="maintainer", pointer="/maintainers", suggestion=Suggestion(7, 8, "a:\n- b: c")
        ),
        finding(9, line=None, pointer="", fix="", suggestion=None),
        finding(12, level="warning", rule="cover", message="A cover helps.", fix="Add one.", suggestion=None),
    )
    made = with_report(failed(notes=("No GitHub account is called `nobody`.",)), findings=findings, findings_left_out=2)
    golden("report_failed", report_comment(made).text)


def test_a_model_that_does_not_reproduce_is_told_by_how_much_and_where():
    weights = verdict("failed").weights[0]
    tensors = (
        weights.tensors[0],
        replace(weights.tensors[0], name="mask", outcome=PASSED, mismatched=0, mismatch_ppm=0.0, worst=None,
                max_abs="NaN", max_rel=None),
    )  # fmt: skip
    crashed = replace(
        weights,
        format="torchscript",
        loads=PASSED,
        runs=Outcome("failed", "It needs `20 GB`.", "Traceback\n  MemoryError"),
        reproduces=Outcome("skipped", "it did not run", ""),
        tensors=(),
        words="loading …\n",
    )
    made = with_report(failed(), findings=(), weights=(replace(weights, tensors=tensors), crashed))
    golden("report_not_reproduced", report_comment(made).text)


def test_weights_that_wait_show_everything_that_would_be_installed():
    made = view(read(waiting("d" * 64, "waits beside")))
    golden("report_waits", report_comment(made).text)


# the evidence of a test run


PICTURE_AT = "https://github.example/zoo/collection/raw/accession-evidence/2024-05-01/7c9e41d2a05b/torchscript.png"
ARCHIVE_AT = PICTURE_AT.replace(".png", ".zip")
SHOWN = Gallery({PICTURE: PICTURE_AT, ARCHIVE: ARCHIVE_AT}, until="2024-05-31")


def failing(**changes):
    return replace(failed(**changes), report=failing_report())


def test_the_failing_report_is_one_that_the_work_side_may_send():
    assert plain_json.validate(failing_json(), "report")


def test_a_failing_model_is_shown_with_its_picture():
    golden("report_failed_picture", report_comment(failing(gallery=SHOWN)).text)


def test_before_its_picture_stands_anywhere_the_report_says_how_to_get_the_tensors():
    golden("report_failed_no_picture", report_comment(failing()).text)


def test_in_a_private_repository_the_picture_is_linked():
    text = report_comment(failing(gallery=replace(SHOWN, embedded=False))).text
    assert [t.attrs["src"] for t in markdown.tokens(text) if t.type == "image"] == []
    assert f"Picture: [expected, produced and difference of nuclei]({PICTURE_AT})" in text
    embedded = report_comment(failing(gallery=SHOWN)).text
    assert [t.attrs["src"] for t in markdown.tokens(embedded) if t.type == "image"] == [PICTURE_AT]


def test_shapes_and_missing_outputs_are_said_in_words():
    tensor = failing_report().weights[1].tensors[0]
    odd = (
        replace(tensor, name="a", produced_shape=(1, 2, 256, 256), elements=0, nan=0, produced_dtype="float32"),
        replace(tensor, name="b", produced_shape=None, produced_dtype="", nan=0),
        replace(tensor, name="c", expected_shape=None, expected_dtype="", nan=1, inf=2000),
        replace(tensor, name="d", expected_shape=(), nan=0, produced_dtype="float32"),
    )
    weights = replace(failing_report().weights[1], tensors=odd)
    text = report_comment(with_report(failing(), weights=(weights,))).text
    assert "- `a` has the shape [1, 2, 256, 256], its test output [1, 1, 256, 256]." in text
    assert "| ❌ `a` | – |" in text
    assert "- `b` was not produced; its test output has the shape [1, 1, 256, 256]." in text
    assert "- `c` has no test output to compare with." in text
    assert "- `c` has 1 NaN and 2,000 infinite of 65,536 elements." in text
    assert "- `d` has the shape [1, 1, 256, 256], its test output []." in text
    assert "float32" not in text


def test_a_format_that_fails_a_further_check_alone_is_shown_too():
    weights = replace(failing_report().weights[0], checks=failing_report().weights[1].checks)
    text = report_comment(with_report(failing(), weights=(weights,), comparisons=())).text
    assert "**onnx failed further checks.**" in text
    assert "- ❌ run twice on the same input, it gives two outputs: output `nuclei`: 61 of 65,536 elements" in text
    assert text.count("against your test outputs") == 1


def test_formats_that_disagree_are_in_the_headline():
    text = report_comment(failing()).text
    assert "**torchscript not reproduced; formats disagree.**" in text


def test_versions_and_warnings_of_a_talkative_library_are_cut():
    weights = replace(
        failing_report().weights[0],
        versions={f"library{n:02}": "1.0" for n in range(32)},
        warnings=tuple(f"warning {n} " + "x" * 280 for n in range(20)),
    )
    text = report_comment(with_report(failing(), weights=(weights,) * 8)).text
    assert "`library11 1.0` and 20 more." in text
    assert "warning 19" in text
    assert "warning 2 " not in text
    assert len(text) <= LIMIT
    assert "longer than a comment may be" not in text


def test_an_errored_report_says_that_the_trouble_is_ours():
    wait = sentences.wait_checking(1, 3, "12:01")
    made = view(verdict("errored"), stage=Stage.CHECKING, wait=wait, mentions=(), source=None)
    golden("report_errored", report_comment(made).text)


def test_a_report_without_a_verdict_is_for_human_eyes():
    made = replace(view(stage=Stage.BLOCKED, wait=sentences.wait_human("it touches `a`."), mentions=()), report=None)
    golden("report_blocked", report_comment(made).text)


def test_the_marker_is_not_part_of_the_text():
    made = report_comment(view())
    assert made.marker == REPORT_MARKER
    assert REPORT_MARKER not in made.text


def test_five_hundred_findings_fit_with_a_link_to_the_rest():
    findings = tuple(finding(n, message="x" * 400) for n in range(1, 501))
    text = report_comment(with_report(failed(), findings=findings)).text
    assert len(text) <= LIMIT
    assert len(seal(text, state(told=tuple("t" * 30 for _ in range(40))), KEY, WHERE)) <= GITHUB
    assert text.endswith(f"The report is longer than a comment may be; [the rest is with the checks]({CHECKS}).")
    assert "- ❌ line 1 " in text
    assert "#### To change (500)" in text


def test_what_does_not_fit_is_left_out_from_there_on_so_that_nothing_seems_complete():
    findings = (*(finding(n, message="x" * 590, fix="y" * 590) for n in range(1, 60)), finding(60, message="short"))
    text = report_comment(with_report(failed(), findings=findings)).text
    assert "short" not in text


def test_the_room_can_be_narrowed_for_a_large_state_block():
    findings = tuple(finding(n, message="x" * 400) for n in range(1, 501))
    text = report_comment(with_report(failed(room=20_000), findings=findings)).text
    assert len(text) <= 20_000


def hostile_report(text):
    bad = Outcome("failed", text, text)
    tensor = Tensor(text, bad, 10, 3, 300_000.0, text, text, {"index": [0], "expected": text, "produced": 1.0},
                    {"atol": 1e-5, "rtol": 0.0, "ppm": 0.0}, (1, 2), (2, 1), text, f"other {text}", 1, 2)  # fmt: skip
    checks = (Check("varies", bad), Check(text, Outcome("passed", text, text)), Check("stepped", bad))
    weights = Weights(
        format="onnx",
        loads=bad,
        runs=bad,
        reproduces=bad,
        tensors=(tensor, tensor),
        seconds={text: 1.0, "load": 2.0},
        words=text,
        repeat=text,
        image=text,
        peak_memory_bytes=10,
        versions={text: text, "numpy": text},
        warnings=(text, text),
        checks=checks,
        pictures=(Picture(text, PICTURE, 10), Picture(text, "0" * 64, 10)),
        artefact=Artefact(ARCHIVE, 10),
    )
    quiet = replace(
        weights, loads=PASSED, runs=PASSED, reproduces=PASSED, checks=checks[1:2], pictures=(), artefact=None
    )
    comparisons = tuple(
        Comparison(("onnx", "torchscript"), run, Outcome(kind, text, text), text, 1.0)
        for run, kind in (("test", "failed"), (text, "failed"), ("noised", "passed"), (text, "errored"))
    )
    findings = tuple(
        finding(
            n, level=level, rule=text, pointer=f"/{text}", message=text, fix=text, suggestion=Suggestion(n, n + 1, text)
        )
        for n, level in enumerate(["error", "policy", "warning", "error", "warning"] * 3, 1)
    )
    return replace(
        verdict("failed"), findings=findings, weights=(weights, quiet), comparisons=comparisons, message=text
    )


def hostile_view(text, **changes):
    return view(hostile_report(text), gallery=SHOWN, **changes)


ADDRESSES = (SOURCE, CHECKS, PICTURE_AT, ARCHIVE_AT)


def assert_harmless(text, made):
    shown = made.text
    assert markdown.escapes(shown, mentions=frozenset({"@ada"}), addresses=ADDRESSES) == []
    kinds = [t.type for t in markdown.tokens(shown)]
    assert kinds.count("fence") == 15 + 6 + 1 + 2, "suggestions, details of six answers, words, warnings of two formats"
    assert kinds.count("table_open") == 4
    assert kinds.count("tr_open") == 3 + 3 + 3 + 3
    assert kinds.count("image") == 1
    assert "For lines 1 to 2, write:" in markdown.prose(shown)
    assert f"content {'d' * 12}" in markdown.prose(shown)
    body = seal(shown, state(), KEY, WHERE)
    assert unseal(body, KEY, WHERE) == (replace(state(), body=unseal(body, KEY, WHERE)[0].body), True)


def test_a_hostile_report_lets_nothing_out_and_breaks_nothing():
    made = report_comment(hostile_view(HOSTILE, wait=sentences.wait_human(f"`{HOSTILE}`"), notes=(HOSTILE,)))
    assert_harmless(HOSTILE, made)


@pytest.mark.parametrize(
    "text",
    [
        "\n\n<!-- accession:report -->\n<!-- accession:state " + "a" * 64 + ' {"a": 1} -->',
        "\n\n<!-- accession:report -->\n<!-- accession:state " + "a" * 64 + " {",
        "```\n\n# Out\n@ada2\n```",
        "   ```\n</details>\n@everyone",
        "~~~\n~~~",
        "a\n\n\n</summary></details>\n\n<script>",
    ],
)
def test_text_that_looks_like_the_bot_own_blocks_is_text(text):
    assert_harmless(text, report_comment(hostile_view(text)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["@a", "`", "\n", "```", "|", "<b>", "x", " ", "#1", "~", "\\", "-->"]), max_size=12).map(
        "".join
    )
)
def test_no_mixture_of_signs_gets_out_of_a_report(text):
    shown = report_comment(hostile_view(f"x{text}y")).text
    assert markdown.escapes(shown, mentions=frozenset({"@ada"}), addresses=ADDRESSES) == []


def test_evidence_is_kept_as_it_stood_when_the_report_is_no_longer_at_hand():
    first = report_comment(view(hostile_report(HOSTILE)))
    body = seal(first.text, state(), KEY, WHERE)
    again = view(stage=Stage.MERGED, wait=sentences.done_merged("brave-otter", "1001"), evidence=body)
    second = report_comment(replace(again, report=None)).text
    evidence = first.text.partition("<!-- accession:evidence -->")[2]
    assert evidence
    assert second.endswith(evidence)
    assert "Accepted" in second
    crlf = replace(again, report=None, evidence=body.replace("\n", "\r\n"))
    assert report_comment(crlf).text == second
