"""Which licence was meant."""

import pytest

from workflows.static.spdx import identifiers, meant


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("CC BY 4.0", "CC-BY-4.0"),
        ("CC-BY 4.0", "CC-BY-4.0"),
        ("cc by-sa", "CC-BY-SA-4.0"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("CC0", "CC0-1.0"),
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("BSD 3", "BSD-3-Clause"),
        ("BSD 3-Clause License", "BSD-3-Clause"),
        ("GPLv3", "GPL-3.0-only"),
        ("GPL 3.0", "GPL-3.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("https://www.gnu.org/licenses/gpl-3.0.en.html", "GPL-3.0-only"),
        ("LGPLv2.1", "LGPL-2.1-only"),
        ("mit license", "MIT"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("https://spdx.org/licenses/BSD-3-Clause.html", "BSD-3-Clause"),
        ("Unlicence", "Unlicense"),
        ("MPL 2", "MPL-2.0"),
        ("GPL", None),
        ("Nunit", None),
        ("proprietary", None),
        ("", None),
        ("MIT " * 100, None),
    ],
)
def test_names_urls_and_old_identifiers(text, identifier):
    assert meant(text) == identifier


def test_every_identifier_means_itself_or_one_that_differs_only_in_case():
    current, _ = identifiers()
    assert [one for one in sorted(current) if meant(one).lower() != one.lower()] == []


def test_what_is_meant_is_current():
    current, deprecated = identifiers()
    assert {meant(one) for one in deprecated} - {None} <= current
