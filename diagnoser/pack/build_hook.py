"""Compiles the built-in pack while the package is built, so that no start has to parse YAML."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePack(BuildHookInterface[Any]):
    """The build hook that pyproject.toml names."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the compiled form to a wheel; an editable install reads the sources instead."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from diagnoser.pack import compiled
        from diagnoser.pack.files import files
        from diagnoser.pack.loader import read_and_link

        knowledge, _, _ = read_and_link(self.root, [])
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / compiled.NAME
        path.write_bytes(compiled.dump(knowledge, files(self.root)))
        build_data["force_include"][str(path)] = f"diagnoser/{compiled.NAME}"
