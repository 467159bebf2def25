"""The commands of the corpus: `python -m corpus COMMAND`. Run with `-h` for the list."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.folder import HOME, Folder
from corpus.metadata import SPLITS
from ie.errors import IEError

Arguments = argparse.Namespace
Command = Callable[[Arguments], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status, 0 when all is well, 1 when something is wrong or stale."""
    given = _parser().parse_args(arguments)
    run: Command = given.run
    try:
        return run(given)
    except (IEError, OSError) as error:
        return _fail(given.command, str(error))


def _fail(command: str, message: str) -> int:
    print(f"corpus {command}: {message}", file=sys.stderr)
    return 1


def _check(given: Arguments) -> int:
    from corpus.check import check

    found = check(root=given.root)
    for problem in found.problems:
        print(problem)
    for line in found.shortfalls:
        print(f"short: {line}")
    for line in found.notices if given.notices else ():
        print(f"look: {line}")
    counts = f"{len(found.problems)} problems, {len(found.shortfalls)} shortfalls, {len(found.notices)} notices"
    print(f"{found.documents} reports checked: {counts}")
    return int(bool(found.problems or (given.complete and found.shortfalls)))


def _add(given: Arguments) -> int:
    from corpus.importer import add

    only, options = tuple(given.only), {"split": given.split, "author": given.author}
    added = add(given.folder, **options, replace=given.replace, only=only, root=given.root)
    for problem in added.problems:
        print(problem, file=sys.stderr)
    if added.problems:
        return _fail("add", f"nothing taken, {len(added.problems)} problems; mend them and run it again")
    print(f"{len(added.ids)} reports taken into {given.split}: {' '.join(added.ids)}")
    return 0


def _freeze(given: Arguments) -> int:
    from corpus.importer import freeze

    changed = freeze(tuple(given.ids), tidy=given.tidy, root=given.root)
    print(f"{len(changed)} reports frozen anew: {' '.join(changed)}" if changed else "nothing had changed")
    return 0


def _compose(given: Arguments) -> int:
    from corpus.compose import compose_file

    wrong = 0
    for path in given.sources:
        made = compose_file(path, given.out)
        wrong += made.document is None
        lines = [f"{path}: {line}" for line in made.problems] + [f"{path}: look: {line}" for line in made.hints]
        spans = len(made.document.entities) if made.document else 0
        print("\n".join([*lines, f"{path}: {spans} spans" if spans else f"{path}: nothing written"]))
    return int(bool(wrong))


def _rendered(given: Arguments, write: Callable[..., list[Path]], stale: Callable[..., list[Path]]) -> int:
    changed = (stale if given.check else write)(root=given.root)
    for path in changed:
        print(f"{path}: {'stale' if given.check else 'written'}")
    if not changed:
        print(f"corpus {given.command}: fresh")
    return int(bool(changed and given.check))


def _export(given: Arguments) -> int:
    from corpus import export

    return _rendered(given, export.write_exports, export.stale_exports)


def _stats(given: Arguments) -> int:
    from corpus import card

    return _rendered(given, card.write_card, card.stale_card)


def _croissant(given: Arguments) -> int:
    from corpus import croissant

    return _rendered(given, croissant.write, croissant.stale_metadata)


def _brat_conf(given: Arguments) -> int:
    from corpus.convert import brat_conf

    return _rendered(given, brat_conf.write, brat_conf.stale_conf)


def _agreement(given: Arguments) -> int:
    from corpus import agreement
    from corpus.files import pretty_json, write_text

    pairs = agreement.read_pairs(given.first, given.second, given.texts)
    found = agreement.compare(pairs)
    for line in agreement.listing(pairs, found) if given.list else ():
        print(line)
    print(f"{len(pairs)} texts, {found.tokens} tokens, {len(found.disagreements)} disagreements")
    for line in agreement.summary(found):
        print(line)
    if given.name:
        path = Folder(given.root).agreement / f"{given.name}.json"
        write_text(path, pretty_json(agreement.result(given.name, pairs, found)))
        print(f"{path}: written")
    return 0


def _real_pack(given: Arguments) -> int:
    from corpus.pack import pack

    packed = pack(ann=given.ann, texts=given.texts, sources=given.sources, out=given.out)
    for id, reason in packed.left_out:
        print(f"{id}: left out, {reason}")
    for problem in packed.problems:
        print(problem, file=sys.stderr)
    if packed.problems:
        return _fail("real-pack", f"nothing written, {len(packed.problems)} problems; mend them and run it again")
    print(f"{len(packed.ids)} records written into {given.out}")
    return 0


def _real_unpack(given: Arguments) -> int:
    from corpus.unpack import unpack

    count = unpack(given.split, out=given.out, root=given.root)
    print(f"{count} excerpts written into {given.out}")
    return 0


def _fetch_real(given: Arguments) -> int:
    from corpus.fetch import fetch, summary

    found = fetch(given.split, folder=given.folder, root=given.root)
    print("\n".join(summary(found)))
    return int(bool(found.failed))


def _convert(given: Arguments) -> int:
    from corpus.convert import convert

    done = convert(given.source, given.target, format=given.format, texts=given.texts)
    for line in done.lost:
        print(line, file=sys.stderr)
    print(f"{len(done.names)} documents written to {given.target}")
    return 0


def _values(given: Arguments) -> int:
    from corpus.disagree import disagreements
    from corpus.loader import load_documents

    known = {document.name: document for document in load_documents("all", root=given.root)}
    unknown = [id for id in given.ids if id not in known]
    if unknown:
        return _fail("values", f"no report {', '.join(unknown)}; give ids of the corpus")
    lines = [line for id in given.ids for line in disagreements(known[id])]
    print("\n".join([*lines, f"{len(given.ids)} reports: {len(lines)} values read differently"]))
    return 0


def _label_config(_given: Arguments) -> int:
    from corpus.convert.label_studio import config

    print(config(), end="")
    return 0


def _golden(given: Arguments) -> int:
    from corpus.golden.build import build

    written = build(given.out, kinds=given.kinds)
    print(f"{len(written)} golden documents written into {given.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m corpus", description="Read, check, grow and convert the corpus.")
    parser.add_argument("--root", type=Path, default=HOME, help="corpus to work on (default: the one of this checkout)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Command, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.set_defaults(run=run)
        return made

    made = command("check", _check, "check files, annotations, records, splits and coverage")
    made.add_argument("--complete", action="store_true", help="fail on shortfalls too")
    made.add_argument("--notices", action="store_true", help="list what is worth a look")
    _grow_commands(command)
    for name, run, help in (
        ("export", _export, "write the files that datasets.load_dataset reads"),
        ("stats", _stats, "render statistics, agreement and plots into the dataset card"),
        ("croissant", _croissant, "write the Croissant metadata of the exports"),
        ("brat-conf", _brat_conf, "write brat's configuration from the schema"),
    ):
        command(name, run, help).add_argument("--check", action="store_true", help="only tell whether it is stale")
    _real_commands(command)
    _exchange_commands(command)
    made = command("golden", _golden, "build the golden documents that readers are tried on; needs LibreOffice")
    made.add_argument("kinds", nargs="*", metavar="KIND", help="kinds of golden/plan.toml; all by default")
    made.add_argument("--out", type=Path, default=HOME.parent / "tests" / "golden", metavar="FOLDER")
    return parser


def _grow_commands(command: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    made = command("compose", _compose, "compile report sources (.inl) into .txt, .ann and .json")
    made.add_argument("sources", type=Path, nargs="+", metavar="SOURCE")
    made.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    made = command("add", _add, "take <id>.txt, .ann and .json files into a split")
    made.add_argument("folder", type=Path)
    made.add_argument("--split", required=True, choices=SPLITS)
    made.add_argument("--author", required=True)
    made.add_argument("--only", nargs="+", default=[], metavar="ID", help="take these reports, not all of the folder")
    made.add_argument("--replace", action="store_true", help="take reports anew that the corpus already has")
    made = command("freeze", _freeze, "record the hashes of reports changed on purpose")
    made.add_argument("ids", nargs="*", metavar="ID", help="reports to freeze (default: all)")
    made.add_argument("--tidy", action="store_true", help="write each annotation in the toolkit's order first")
    made = command("agreement", _agreement, "compare two annotations of the same texts")
    made.add_argument("first", type=Path)
    made.add_argument("second", type=Path)
    made.add_argument("--texts", type=Path, required=True, help="folder with the <id>.txt files")
    made.add_argument("--name", help="keep the result as agreement/NAME.json")
    made.add_argument("--list", action="store_true", help="list every disagreement with its context")


def _real_commands(command: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    made = command("real-pack", _real_pack, "turn annotated real excerpts into records without text")
    for name, help in (
        ("ann", "folder with the <id>.ann files"),
        ("texts", "folder with the <id>.txt files"),
        ("sources", "JSON that maps each id to its public place"),
        ("out", "folder for the records"),
    ):
        made.add_argument(f"--{name}", type=Path, required=True, help=help)
    made = command("real-unpack", _real_unpack, "write the real excerpts whose texts are here as brat files")
    made.add_argument("--split", default="train", choices=(*SPLITS, "all"))
    made.add_argument("--out", type=Path, required=True, help="folder for the files; must not be there")
    made = command("fetch-real", _fetch_real, "bring the texts of the real excerpts and verify their hashes")
    made.add_argument("--split", default="all", choices=(*SPLITS, "all"))
    made.add_argument("--from", dest="folder", type=Path, help="take the texts from this folder (or one level below)")


def _exchange_commands(command: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    made = command("convert", _convert, "export brat files to another tool's format, or import them back")
    made.add_argument("source", type=Path, help="folder of brat files to export, or a file to import")
    made.add_argument("target", type=Path, help="file to write, or folder for the imported brat files")
    made.add_argument("--format", required=True, help="label-studio, inception, docbin, conll, markup or tagged")
    made.add_argument("--texts", type=Path, help="folder of the raw texts (formats markup and tagged)")
    made = command("values", _values, "list values that a simple reading and the toolkit read differently")
    made.add_argument("ids", nargs="+", metavar="ID")
    command("label-config", _label_config, "print the Label Studio interface that fits the schema")


if __name__ == "__main__":
    sys.exit(main())
