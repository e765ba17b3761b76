"""Licences are known by their text, not by their file's name."""

from __future__ import annotations

import pytest

from evaluator.facts.licences import Licence, expression, licences
from evaluator.source.snapshot import Snapshot

MIT = """MIT License

Copyright (c) 2024 Somebody

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""
BSD = """Redistribution and use in source and binary forms, with or without modification, are permitted.
2. Redistributions in binary form must reproduce the above copyright notice."""


def found(**files: str) -> tuple[Licence, ...]:
    return licences(Snapshot.of({name.replace("__", "/"): text for name, text in files.items()})).files


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        pytest.param(MIT, "MIT", id="mit"),
        pytest.param(MIT.upper(), "MIT", id="case"),
        pytest.param(BSD, "BSD-2-Clause", id="bsd 2"),
        pytest.param(BSD + " Neither the name of the holder", "BSD-3-Clause", id="bsd 3"),
        pytest.param("Apache License\nVersion 2.0, January 2004", "Apache-2.0", id="apache"),
        pytest.param("GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007", "GPL-3.0", id="gpl"),
        pytest.param("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3", "AGPL-3.0", id="agpl before gpl"),
        pytest.param("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3", "LGPL-3.0", id="lgpl before gpl"),
        pytest.param("Creative Commons Attribution 4.0 International", "CC-BY-4.0", id="cc"),
        pytest.param(
            "This is free and unencumbered software released into the public domain.", "Unlicense", id="unlicense"
        ),
        pytest.param("This project is under the MIT License.", "MIT", id="named only"),
        pytest.param("All rights reserved.", "", id="proprietary"),
        pytest.param("TODO", "", id="placeholder"),
        pytest.param("", "", id="empty"),
    ],
)
def test_texts(text: str, spdx: str) -> None:
    assert [spdx] == [f.spdx for f in found(LICENSE=text)]


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("LICENSE", True),
        ("licence.txt", True),
        ("LICENSE-MIT", True),
        ("COPYING", True),
        ("UNLICENSE", True),
        ("LICENSES/MIT.txt", True),
        ("data/LICENSE", False),
        ("license.py", False),
        ("vendor/x/LICENSE", False),
    ],
)
def test_places(path: str, counts: bool) -> None:
    assert counts == bool(licences(Snapshot.of({path: MIT})).files)


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("MIT License", "MIT"),
        ("License :: OSI Approved :: Apache Software License", "Apache-2.0"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("Proprietary", ""),
        ("TODO", ""),
        ("LICENSE", ""),
        ("", ""),
        (MIT, "MIT"),
    ],
)
def test_metadata(stated: str, meant: str) -> None:
    assert meant == expression(stated)
