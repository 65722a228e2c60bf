import pytest

from workflows.describe.answer import Choice, Refusal
from workflows.describe.choose import candidates, choose


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["rdf.yaml", "bioimageio.yaml", "model.yaml", "x.zip"], "rdf.yaml"),
        (["my.rdf.yaml", "model.yaml"], "my.rdf.yaml"),
        (["my.bioimageio.yaml", "model.yaml"], "my.bioimageio.yaml"),
        (["model.yaml", "RDF.yaml", "Rdf.YAML"], "model.yaml"),
        (["rdf.yaml", "rdf.yaml"], "rdf.yaml"),
    ],
)
def test_the_best_rank_wins_case_sensitively(names, chosen):
    assert choose(names) == Choice(chosen, zipped=False)


def test_a_tie_of_the_best_rank_names_both():
    refusal = choose(["a.rdf.yaml", "rdf.yaml", "bioimageio.yaml"])
    assert refusal == Refusal(
        "rdf-tie", "'a.rdf.yaml' and 'rdf.yaml' could each be the RDF: keep one of them, or name one rdf.yaml alone."
    )


def test_one_zip_is_taken_only_without_an_rdf_beside_it():
    assert choose(["a.ZIP", "README.md"]) == Choice("a.ZIP", zipped=True)
    for names in (["a.zip", "b.zip"], ["README.md"], ["sub/rdf.yaml"], ["sub/a.zip"], ["xrdf.yaml"], ["my.model.yaml"]):
        assert choose(names).reason == "no-rdf"


def test_candidates_are_what_must_be_fetched():
    assert candidates([{"name": "a.pt", "size": 1}, {"name": "rdf.yaml", "size": 1}]) == ["rdf.yaml"]
    assert candidates([{"name": "a.zip", "size": 1}]) == ["a.zip"]
    assert candidates([]) == []
