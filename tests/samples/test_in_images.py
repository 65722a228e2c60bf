"""Frameworks that are missing are told; an answer is kept under all that it depends on."""

import pytest

from tests.samples import __main__ as command
from tests.samples import in_images

KERNEL = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
TASK = {"kind": "tfjs", "axes": "byxc", "blur": KERNEL, "sharpen": KERNEL, "bias": 0.0}


@pytest.fixture
def no_image(monkeypatch):
    """A run whose image for TensorFlow.js is nowhere."""
    monkeypatch.setenv("ACCESSION_JOB_IMAGE_TFJS", "accession-job-tfjs:nowhere")
    in_images.missing.cache_clear()
    yield
    in_images.missing.cache_clear()


@pytest.fixture
def shelf(monkeypatch, tmp_path):
    monkeypatch.setattr(in_images, "_shelf", lambda: tmp_path)
    return tmp_path


def test_a_missing_image_is_named_with_what_to_do(no_image):
    with pytest.raises(in_images.NoImageError, match=r"accession-job-tfjs:nowhere: make image"):
        in_images.made("tfjs", TASK)


def test_the_command_says_it_without_a_traceback(no_image, tmp_path, capsys):
    assert command.main([str(tmp_path), "tfjs-04"]) == 1
    assert capsys.readouterr().err.startswith("python -m tests.samples: there is no engine with the image")


def test_a_test_skips_or_fails_where_an_engine_is_required(no_image, monkeypatch):
    monkeypatch.delenv("ACCESSION_REQUIRE_DOCKER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="make image"):
        in_images.needs("tfjs")
    monkeypatch.setenv("ACCESSION_REQUIRE_DOCKER", "1")
    with pytest.raises(pytest.fail.Exception, match="make image"):
        in_images.needs("tfjs")


@pytest.mark.docker
def test_what_was_made_is_kept_and_what_lies_beside_it_too(shelf):
    in_images.needs("tfjs")
    other = TASK | {"bias": 1.0}
    first = in_images.made("tfjs", TASK, [TASK, other])
    kept = sorted(shelf.iterdir())
    assert len(kept) == 2
    assert in_images.made("tfjs", TASK) == first
    assert in_images.made("tfjs", other) != first
    assert sorted(shelf.iterdir()) == kept


@pytest.mark.docker
def test_another_program_is_another_answer(shelf, monkeypatch, tmp_path):
    in_images.needs("tfjs")
    in_images.made("tfjs", TASK)
    monkeypatch.setattr(in_images, "INSIDE", tmp_path)
    source = 'process.stdin.resume(); console.log(\'[{"files": {}, "versions": {"a": "b"}}]\')'
    (tmp_path / "tfjs_weights.mjs").write_text(source)
    assert in_images.made("tfjs", TASK) == in_images.Made({}, {"a": "b"})


@pytest.mark.docker
def test_a_program_that_fails_has_its_words_told_and_nothing_is_kept(shelf):
    in_images.needs("tfjs")
    with pytest.raises(RuntimeError, match="must have the same number of elements"):
        in_images.made("tfjs", {"kind": "tfjs", "axes": "byxc", "blur": [], "sharpen": KERNEL})
    assert list(shelf.iterdir()) == []
