"""An audit to be read in the terminal, and as JSON Lines."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

from ie.audit.finding import Checked, Evidence, Finding

LEVELS = ("low", "medium", "high")
_INDENT = "      "


def at_least(findings: Iterable[Finding], level: str) -> list[Finding]:
    """Return the findings of this severity or a higher one."""
    return [finding for finding in findings if LEVELS.index(finding.severity) >= LEVELS.index(level)]


def heading(name: str, sums: Sequence[Checked], findings: Sequence[Finding]) -> str:
    """Return the line that says how many sums of a document were checked, by kind, and how many do not come out."""
    counts = Counter(each.kind for each in sums)
    kinds = ", ".join(f"{kind} {count}" for kind, count in counts.most_common())
    return f"{name}: {len(sums)} sums checked{f' ({kinds})' if kinds else ''}, {len(findings)} findings"


def written(finding: Finding, *, width: int = 120) -> str:
    """Return a finding as lines: what is wrong, the sum, the sentences with their characters."""
    score = f", score {finding.score:.2f}" if finding.score is not None else ""
    lines = [
        f"{finding.id:<5} {finding.kind}, {finding.severity}{score}: {finding.message}",
        _INDENT + finding.arithmetic,
    ]
    lines += [_INDENT + line for line in dict.fromkeys(map(_quoted, finding.evidence))]
    return "\n".join(part for line in lines for part in _wrapped(line, width)) + "\n"


def _quoted(each: Evidence) -> str:
    return f"{each.document} {each.sentence_start}-{each.sentence_end}: {' '.join(each.sentence.split())}"


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent=_INDENT, break_long_words=False) or [line]


def json_line(finding: Finding, document: str) -> str:
    """Return a finding as one line of JSON with its document's name first."""
    return json.dumps({"document": document, **finding.as_dict()}, ensure_ascii=False)
