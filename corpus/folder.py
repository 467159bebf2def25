"""Where each file of the corpus stands. Everything takes a root, so that a copy elsewhere works the same way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parent
"""The corpus of this checkout."""


@dataclass(frozen=True)
class Folder:
    """The paths below a corpus root."""

    root: Path = HOME

    @property
    def reports(self) -> Path:
        """Reports in brat standoff, `<id>.txt` and `<id>.ann`: the source of truth."""
        return self.root / "reports"

    @property
    def metadata(self) -> Path:
        """One JSON line a report."""
        return self.root / "metadata.jsonl"

    @property
    def splits(self) -> Path:
        """Report ids by split, with the hashes of their two files."""
        return self.root / "splits.toml"

    @property
    def values(self) -> Path:
        """Value gold, one JSON file a report that has it."""
        return self.root / "values"

    @property
    def export(self) -> Path:
        """What `datasets.load_dataset` reads, built from the reports."""
        return self.root / "export"

    @property
    def card(self) -> Path:
        """The dataset card; its tables are rendered."""
        return self.root / "README.md"

    @property
    def croissant(self) -> Path:
        """Croissant metadata of the exports."""
        return self.root / "croissant.json"

    @property
    def agreement(self) -> Path:
        """Results of comparing two independent annotations."""
        return self.root / "agreement"

    @property
    def plots(self) -> Path:
        """Plots of the card."""
        return self.root / "plots"

    @property
    def real(self) -> Path:
        """Annotations of real excerpts by reference, one folder a split."""
        return self.root / "real"

    @property
    def real_texts(self) -> Path:
        """Texts of the real excerpts, fetched by each user and never committed."""
        return self.real / "texts"
