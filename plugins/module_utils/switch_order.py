# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order files are switched, so that the store is whole at every moment in between.

Configuration refers to code: on the way in the code is there first, on the way out the configuration goes first.
Between the two steps the store runs new code that nobody calls yet.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Tuple

from .stage_record import StagedFile

CODE, CONFIGURATION = "code", "configuration"
IN, OUT = "in", "out"

# What a switch does first and then; its way back does it the other way round.
STEPS: Dict[str, Tuple[str, str]] = {IN: (CODE, CONFIGURATION), OUT: (CONFIGURATION, CODE)}


def step_of(path: str) -> str:
    """The step in which a file (relative to the root) is switched: configuration is XML below a folder etc."""
    folders = path.split("/")[:-1]
    return CONFIGURATION if path.endswith(".xml") and "etc" in folders else CODE


def files_of(step: str, files: Iterable[StagedFile]) -> List[StagedFile]:
    """The files of a step in the order in which they are switched: new, changed, removed.

    What is new may be needed by what changes, and what changes may need until then what goes.
    """
    return sorted((file for file in files if step_of(file.path) == step), key=_place)


def mirrored(files: Iterable[StagedFile]) -> List[StagedFile]:
    """The same files for the way back, in its order: what was removed comes back first, what was new goes last."""
    return sorted((StagedFile(file.path, file.after, file.before) for file in files), key=_place)


def _place(file):
    return (file.before is not None, file.after is None, file.path)
