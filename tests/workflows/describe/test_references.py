from tests.workflows.rdf_sample import MODEL_04, MODEL_05, SHA256
from workflows.describe.references import references
from workflows.document import load


def roles(data):
    return {found.pointer: (found.role, found.source) for found in references(data)}


def test_references_of_0_4():
    found = {one.pointer: one for one in references(load(MODEL_04.encode()).data)}
    assert {pointer: (one.role, one.local, one.required) for pointer, one in found.items()} == {
        "/documentation": ("documentation", "README.md", True),
        "/covers/0": ("cover", "cover.png", False),
        "/test_inputs/0": ("test_input", "in.npy", True),
        "/test_outputs/0": ("test_output", "out.npy", True),
        "/weights/onnx/source": ("weights/onnx", "weights.onnx", True),
    }
    assert found["/weights/onnx/source"].sha256 == SHA256


def test_references_of_0_5():
    found = references(load(MODEL_05.encode()).data)
    assert [(one.pointer, one.role, one.local, one.sha256) for one in found] == [
        ("/documentation", "documentation", "README.md", None),
        ("/covers/0", "cover", "cover.png", None),
        ("/inputs/0/test_tensor/source", "test_input", "in.npy", None),
        ("/inputs/0/sample_tensor/source", "sample_input", "in.png", None),
        ("/outputs/0/test_tensor/source", "test_output", "out.npy", None),
        ("/outputs/0/sample_tensor/source", "sample_output", "out.png", SHA256),
        ("/weights/torchscript/source", "weights/torchscript", "weights.pt", SHA256),
        ("/weights/onnx/source", "weights/onnx", "weights.onnx", SHA256),
    ]


def test_code_environments_attachments_and_icons_are_references():
    data = {
        "type": "model",
        "icon": "icon.png",
        "source": "net.py:Net",
        "sha256": " " + SHA256.upper(),
        "dependencies": "conda:environment.yaml",
        "attachments": {"files": ["a.txt"], "other": 1},
        "inputs": [
            "not a tensor",
            {"preprocessing": [{"id": "custom", "source": "pre.py", "callable": "f"}, {"id": "sigmoid"}, 3]},
        ],
        "weights": {
            "pytorch_state_dict": {
                "source": "https://x.org/a/w.pt",
                "architecture": "https://x.org/net.py:Net",
                "architecture_sha256": SHA256,
                "dependencies": {"source": "env.yaml"},
                "attachments": {"files": ["extra.bin"]},
            },
            "onnx": {"source": "w.onnx", "external_data": {"source": "w.data", "sha256": "short"}},
            "keras_v3": {"architecture": {"source": "k.py", "callable": "K"}, "dependencies": "none"},
            "torchscript": {"architecture": "package.module.Net"},
            "tensorflow_js": "nonsense",
        },
    }
    found = roles(data)
    assert found == {
        "/attachments/files/0": ("attachment", "a.txt"),
        "/icon": ("icon", "icon.png"),
        "/inputs/1/preprocessing/0/source": ("other", "pre.py"),
        "/source": ("architecture/pytorch_state_dict", "net.py"),
        "/dependencies": ("other", "environment.yaml"),
        "/weights/pytorch_state_dict/source": ("weights/pytorch_state_dict", "https://x.org/a/w.pt"),
        "/weights/pytorch_state_dict/architecture": ("architecture/pytorch_state_dict", "https://x.org/net.py"),
        "/weights/pytorch_state_dict/dependencies/source": ("other", "env.yaml"),
        "/weights/pytorch_state_dict/attachments/files/0": ("attachment", "extra.bin"),
        "/weights/onnx/source": ("weights/onnx", "w.onnx"),
        "/weights/onnx/external_data/source": ("other", "w.data"),
        "/weights/keras_v3/architecture/source": ("architecture/keras_v3", "k.py"),
    }
    hashes = {one.pointer: one.sha256 for one in references(data)}
    assert hashes["/source"] == SHA256
    assert hashes["/weights/onnx/external_data/source"] is None


def test_texts_where_a_file_belongs_and_homepages_are_no_references():
    assert roles({"type": "dataset", "documentation": "# Title\ntext", "source": "https://x.org", "icon": "🦈"}) == {}
    assert roles({"type": "application", "source": "app.py", "attachments": ["b.txt"]}) == {
        "/attachments/0": ("attachment", "b.txt"),
        "/source": ("other", "app.py"),
    }
    assert roles({"type": "notebook", "source": "https://x.org/n.ipynb"}) == {
        "/source": ("other", "https://x.org/n.ipynb")
    }
    assert roles({"type": "model", "weights": None, "documentation": "x" * 5000}) == {}
