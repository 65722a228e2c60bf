from importlib import metadata

from workflows.dynamic import formats


def test_an_unknown_format_is_not_run():
    assert formats.why_not("keras_hdf5") == "keras_hdf5 weights are not run: no image for them yet"


def test_a_format_without_its_framework_is_not_run(monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    assert formats.why_not("onnx") == "onnx weights are not run here: onnxruntime is not installed"


def test_a_format_with_its_framework_is_run(monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: object())
    assert formats.why_not("torchscript") == ""


def test_versions_of_what_is_there(monkeypatch):
    known = {"numpy": "2.4.6", "bioimageio.core": "0.11.0", "torch": "2.13.0" + "+" * 100}

    def version(name):
        if name in known:
            return known[name]
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(formats.metadata, "version", version)
    assert formats.versions("torchscript") == {**known, "torch": known["torch"][:64]}
    assert formats.versions("keras_v3") == {"numpy": "2.4.6", "bioimageio.core": "0.11.0"}
