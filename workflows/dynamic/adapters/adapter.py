"""What our adapters have in common: loaded once, on the CPU, called with arrays in the RDF's order."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from bioimageio.core._model_adapter import LocalModelAdapter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.dynamic.adapters.weights_files import WeightsFiles
    from workflows.dynamic.npy import Array

    Given = Sequence[Array | None]
    """One array for each input in the RDF's order; None for an optional one that is absent."""


class Adapter(LocalModelAdapter):  # type: ignore[misc,unused-ignore]  # the boxes' libraries are not beside the bot
    """Pre- and postprocessing stay bioimageio.core's; `weights_format` names the entry of the RDF that is loaded."""

    weights_format = ""

    def __init__(self, description: Any, files: WeightsFiles) -> None:
        self.files = files
        self.weights = getattr(description.weights, self.weights_format)
        super().__init__(description, devices=None)

    @property
    def input_names(self) -> list[str]:
        """Ids (0.5) or names (0.4) of the RDF's inputs."""
        return [str(name) for name in self._input_ids]

    @property
    def output_names(self) -> list[str]:
        """Ids or names of the RDF's outputs."""
        return [str(name) for name in self._output_ids]

    @abstractmethod
    def load_weights(self) -> Any:
        """The loaded model; ValueError with a sentence where the files are not what the format wants."""

    @abstractmethod
    def call(self, model: Any, inputs: Given) -> list[Array]:
        """The outputs in the RDF's order."""

    def _parse_devices(self, _devices: Any) -> Sequence[str]:
        return ("cpu",)

    def _init_model_on_device(self, _device: str) -> Any:
        return self.load_weights()

    def _forward_impl(self, _device: str, model: Any, input_arrays: Given) -> list[Array]:
        return self.call(model, input_arrays)

    def _cleanup_pre_model_deletion(self, _device: str, _model: Any) -> None:
        """Nothing is kept outside the model."""

    def _cleanup_post_model_deletion(self, _device: str) -> None:
        """Nothing is kept outside the model."""
