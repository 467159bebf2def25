"""Ten monthly reports of one city to a table and a chart of budget revenue over the year.

python -m evaluation.examples.budget evaluation/examples/reports -o budget
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import ie
from ie.audit import audit, audit_series
from ie.document import Document
from ie.facts import Fact

REVENUE = "thu ngân sách nhà nước"
BILLION = Decimal(10**9)


@dataclass(frozen=True)
class Month:
    """Revenue of one month and since January, in VND, with the report and sentence it was read from."""

    month: date
    revenue: Decimal | None
    cumulative: Decimal | None
    document: str
    evidence: str


def main(arguments: list[str] | None = None) -> int:
    """Write OUT.csv and OUT.png; print the table and what the audit finds."""
    parser = argparse.ArgumentParser(description="Budget revenue of a city over the year, from its reports.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=Path("budget"))
    options = parser.parse_args(arguments)
    paths = sorted(options.folder.glob("*.txt"))
    if not paths:
        parser.error(f"{options.folder}: holds no .txt reports; give the folder they are in")
    documents = list(tagged(paths))
    months = table(documents)
    write_csv(months, options.out.with_suffix(".csv"))
    draw(months, options.out.with_suffix(".png"))
    for row in months:
        sys.stdout.write(f"{row.month:%Y-%m}  {_billions(row.revenue):>8}  {_billions(row.cumulative):>8}\n")
    findings = [*(found for document in documents for found in audit(document)), *audit_series(documents)]
    for finding in findings:
        sys.stdout.write(f"{finding.evidence[0].document}: {finding.kind}: {finding.message}\n")
    sys.stdout.write(f"{len(months)} months, {len(findings)} findings\n")
    return 0


def tagged(paths: Iterable[Path]) -> Iterable[Document]:
    """Yield the documents that could be tagged; say of each other report why not."""
    for found in ie.tag_many(paths):
        if isinstance(found, Document):
            yield found
        else:
            sys.stderr.write(f"{found.reason}\n")


def table(documents: Iterable[Document]) -> list[Month]:
    """Return one row a report that states its month's revenue or the revenue since January, by month."""
    rows = []
    for document in documents:
        facts = [fact for fact in ie.facts_of(document) if _is_revenue(fact)]
        single = next((fact for fact in facts if _months(fact) == 1), None)
        since = next((fact for fact in facts if _since_january(fact)), None)
        told = single or since
        if told and told.period_end:
            end = date.fromisoformat(told.period_end).replace(day=1)
            rows.append(Month(end, _value(single), _value(since or single), document.name, told.evidence))
    return sorted(rows, key=lambda row: row.month)


def _is_revenue(fact: Fact) -> bool:
    plain = not fact.part_of and "change" not in fact.qualifiers and "planned" not in fact.qualifiers
    return plain and fact.unit == "VND" and REVENUE in (fact.indicator or "").lower()


def _months(fact: Fact) -> int | None:
    """Return how many months a fact's time covers."""
    if not fact.period_start or not fact.period_end:
        return None
    start, end = date.fromisoformat(fact.period_start), date.fromisoformat(fact.period_end)
    return 12 * (end.year - start.year) + end.month - start.month + 1


def _since_january(fact: Fact) -> bool:
    return (_months(fact) or 0) > 1 and str(fact.period_start).endswith("-01-01")


def _value(fact: Fact | None) -> Decimal | None:
    return Decimal(fact.value) if fact and fact.value else None


def _billions(value: Decimal | None) -> str:
    return "" if value is None else f"{value / BILLION:.1f}"


def write_csv(months: Iterable[Month], path: Path) -> None:
    """Write the table, figures as exact decimal text in VND."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("month", "revenue", "cumulative", "document", "evidence"))
        for row in months:
            writer.writerow((f"{row.month:%Y-%m}", row.revenue, row.cumulative, row.document, row.evidence))


def draw(months: list[Month], path: Path) -> None:
    """Draw bars of the months and a line since January, in billions of đồng."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 3.8), layout="constrained")
    axes = figure.add_subplot()
    names = [f"{row.month:%m}" for row in months]
    axes.bar(names, [float((row.revenue or 0) / BILLION) for row in months], color="#8ecae6", label="in the month")
    axes.set_ylabel("tỷ đồng in the month")
    axes.set_xlabel(f"month of {months[0].month.year}" if months else "month")
    line = axes.twinx()
    heights = [float((row.cumulative or 0) / BILLION) for row in months]
    line.plot(names, heights, color="#14507f", marker="o", label="since January")
    line.set_ylabel("tỷ đồng since January")
    line.set_ylim(bottom=0)
    axes.set_title("Budget revenue")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    sys.exit(main())
