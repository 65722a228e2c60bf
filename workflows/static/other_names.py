"""What fields are called elsewhere, or were called once: too far from their names here to be found as misspelt."""

from collections.abc import Container
from types import MappingProxyType

_HERE = MappingProxyType(
    {
        "author": "authors",
        "checksum": "sha256",
        "citation": "cite",
        "citations": "cite",
        "doc": "documentation",
        "dtype": "data_type",
        "e-mail": "email",
        "github": "github_user",
        "github_repo": "git_repo",
        "github_url": "git_repo",
        "github_username": "github_user",
        "h5": "keras_hdf5",
        "hash": "sha256",
        "keras": "keras_hdf5",
        "keras_weights": "keras_hdf5",
        "keywords": "tags",
        "licence": "license",
        "mail": "email",
        "opset": "opset_version",
        "post_processing": "postprocessing",
        "pre_processing": "preprocessing",
        "pytorch": "pytorch_state_dict",
        "pytorch_script": "torchscript",
        "range": "data_range",
        "readme": "documentation",
        "reference_input": "reference_tensor",
        "repo": "git_repo",
        "repository": "git_repo",
        "saved_model": "tensorflow_saved_model_bundle",
        "state_dict": "pytorch_state_dict",
        "std_dev": "std",
        "summary": "description",
        "tensorflow": "tensorflow_saved_model_bundle",
        "tensorflow_saved_model": "tensorflow_saved_model_bundle",
        "tf_saved_model": "tensorflow_saved_model_bundle",
        "tfjs": "tensorflow_js",
        "title": "name",
        "torch_script": "torchscript",
        "username": "github_user",
        "uri": "url",
    }
)


def usual_name(written: str, free: Container[str]) -> str | None:
    """The field that is meant, if it is one of those that are still free."""
    meant = _HERE.get(written.strip().lower().replace(" ", "_"))
    return meant if meant is not None and meant in free else None
