"""Which names are harmless, which are not, and that the rest is for human eyes."""

import pytest

from workflows.static.readers.pickle_names import verdict
from workflows.static.readers.pickle_scan import COMPUTED


@pytest.mark.parametrize(
    "name",
    [
        ("collections", "OrderedDict"),
        ("torch._utils", "_rebuild_tensor_v2"),
        ("torch._utils", "_rebuild_parameter"),
        ("torch", "FloatStorage"),
        ("torch", "BFloat16Storage"),
        ("torch.storage", "UntypedStorage"),
        ("torch", "float16"),
        ("torch", "Size"),
        ("torch.jit._pickle", "build_intlist"),
        ("__torch__.unet2d", "UNet2d"),
        ("__torch__", "___torch_mangle_3"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy", "dtype"),
        ("numpy.dtypes", "Float32DType"),
        ("_codecs", "encode"),
        ("builtins", "set"),
        ("__builtin__", "set"),
    ],
)
def test_what_rebuilds_tensors_is_harmless(name):
    assert verdict(name) == "harmless"


@pytest.mark.parametrize(
    "name",
    [
        COMPUTED,
        ("os", "system"),
        ("posix", "system"),
        ("nt", "system"),
        ("os.path", "os"),
        ("subprocess", "Popen"),
        ("commands", "getoutput"),
        ("builtins", "eval"),
        ("builtins", "exec"),
        ("builtins", "compile"),
        ("builtins", "__import__"),
        ("builtins", "getattr"),
        ("builtins", "open"),
        ("builtins", "print"),
        ("__builtin__", "execfile"),
        ("__builtin__", "apply"),
        ("sys", "modules"),
        ("shutil", "rmtree"),
        ("socket", "create_connection"),
        ("runpy", "run_path"),
        ("pty", "spawn"),
        ("importlib", "import_module"),
        ("operator", "attrgetter"),
        ("operator", "methodcaller"),
        ("functools", "partial"),
        ("pip", "main"),
        ("pip._internal.cli.main", "main"),
        ("numpy.testing._private.utils", "runstring"),
        ("numpy", "load"),
        ("numpy.f2py.crackfortran", "getlincoef"),
        ("torch", "load"),
        ("torch", "load.__globals__"),
        ("torch.hub", "load"),
        ("torch.storage", "_load_from_bytes"),
        ("torch.serialization", "load"),
        ("torch.serialization", "os.system"),
        ("torch.serialization.os", "system"),
        ("torch._utils", "sys.modules"),
        ("torch", "serialization.os.system"),
        ("torch.utils.collect_env", "run"),
        ("torch.fx.graph_module", "reduce_graph_module"),
        ("torch.package.package_importer", "PackageImporter"),
        ("torch._dynamo.guards", "GuardBuilder.get"),
        ("torch.utils._config_module", "ConfigModule.load_config"),
        ("timeit", "timeit"),
        ("idlelib.run", "Executive.runcode"),
        ("lib2to3.pgen2.grammar", "Grammar.loads"),
        ("cProfile", "run"),
        ("doctest", "debug_script"),
        ("ensurepip", "_run_pip"),
        ("pickle", "loads"),
        ("dill._dill", "_create_function"),
        ("cloudpickle.cloudpickle", "_make_function"),
        ("types", "CodeType"),
        ("marshal", "loads"),
        ("asyncio.unix_events", "_UnixSubprocessTransport._start"),
        ("logging.config", "fileConfig"),
        ("mypackage.helpers", "os.system"),
        ("mypackage.helpers", "__globals__"),
        ("webbrowser", "open"),
        ("__torch__.os", "__class__"),
        ("__torch__", "a.b"),
        (".os", "x"),
    ],
)
def test_what_can_do_anything_is_dangerous(name):
    assert verdict(name) == "dangerous"


@pytest.mark.parametrize(
    "name",
    [
        ("torch.nn.modules.conv", "Conv2d"),
        ("torch._C._nn", "gelu"),
        ("__main__", "Net"),
        ("mypackage.io", "Reader"),
        ("models.types", "Config"),
        ("argparse", "Namespace"),
        ("pathlib", "PosixPath"),
        ("numpy.random._pickle", "__randomstate_ctor"),
        ("torch", "nn"),
        ("collections", "UserDict"),
        ("", "x"),
        ("torch", ""),
    ],
)
def test_the_rest_is_for_human_eyes(name):
    assert verdict(name) == "unknown"
