"""How far an output may be from its expectation, as the RDF says and as bioimageio.core 0.11.0 reads it.

0.5: `config.bioimageio.reproducibility_tolerance`, first match, 100 mismatched elements per million by default.
0.4: `config.bioimageio.test_kwargs.<format>`, no mismatch allowed. Without either: atol = rtol = 1e-3. What the collection
allows at most is the judge's business.
"""

import math
from typing import Any

from workflows.describe.facts import items

_DEFAULT = 1e-3
_PPM_05 = 100.0
_DECIMALS = range(-3, 16)


def tolerances(data: dict[str, Any], weights_format: str) -> list[dict[str, Any]]:
    """Entries for one weight format, most special first; the last one is for every output."""
    recent = not str(data.get("format_version", "")).startswith(("0.1", "0.2", "0.3", "0.4"))
    zoo = _mapping(_mapping(data.get("config")).get("bioimageio"))
    kwargs = _mapping(_mapping(zoo.get("test_kwargs")).get(weights_format))
    listed = _reproducibility(zoo, weights_format) if recent else []
    ppm = _PPM_05 if recent else 0.0
    return [*listed, _test_kwargs(kwargs, weights_format, ppm, decimals=not recent)]


def _reproducibility(zoo: dict[str, Any], weights_format: str) -> list[dict[str, Any]]:
    found = []
    for number, entry in enumerate(items(zoo.get("reproducibility_tolerance"))[:64]):
        if not isinstance(entry, dict):
            continue
        formats = items(entry.get("weights_formats"))
        if formats and weights_format not in formats:
            continue
        atol = _number(entry.get("absolute_tolerance"), _DEFAULT)
        rtol = _number(entry.get("relative_tolerance"), _DEFAULT)
        ppm = _number(entry.get("mismatched_elements_per_million"), _PPM_05)
        source = f"config.bioimageio.reproducibility_tolerance[{number}]"
        outputs = items(entry.get("output_ids"))[:64] or ["*"]
        found += [_entry(str(output)[:256], atol, rtol, ppm, source) for output in outputs]
    return found


def _test_kwargs(kwargs: dict[str, Any], weights_format: str, ppm: float, *, decimals: bool) -> dict[str, Any]:
    source = f"config.bioimageio.test_kwargs.{weights_format}"
    decimal = kwargs.get("decimal") if decimals else None
    if isinstance(decimal, int) and decimal in _DECIMALS:
        return _entry("*", 1.5 * 10.0**-decimal, 0.0, ppm, f"{source}: decimal {decimal}")
    atol = _number(kwargs.get("absolute_tolerance"), _DEFAULT)
    rtol = _number(kwargs.get("relative_tolerance"), _DEFAULT)
    given = "absolute_tolerance" in kwargs or "relative_tolerance" in kwargs
    return _entry("*", atol, rtol, ppm, source if given else "bioimageio.core's default")


def _entry(output: str, atol: float, rtol: float, ppm: float, source: str) -> dict[str, Any]:
    return {"output": output, "atol": atol, "rtol": rtol, "ppm": ppm, "source": source[:128]}


def _number(value: Any, default: float) -> float:
    """A finite number of at least 0; anything else counts as not given."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return default
    return float(value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
