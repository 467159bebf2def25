"""Old Word files (DOC) and RTF through LibreOffice, which turns them into DOCX in a process of its own.

The process gets a profile of its own in a temporary folder, so that no setting, macro or extension of the user's takes
part, a time limit, and no display. Nothing is written outside that folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ie.errors import InputError
from ie.read import docx
from ie.read.source import Content, ReadOptions

TIMEOUT = 120.0
"""Seconds that one conversion may take; a file of 500 pages takes less than 20."""
_PROGRAMS = ("soffice", "libreoffice")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read a DOC or RTF file; InputError when LibreOffice is missing, fails or takes too long."""
    program = next((found for found in map(shutil.which, _PROGRAMS) if found), None)
    if program is None:
        raise InputError(
            f"{name}: is a DOC or RTF file, which LibreOffice must convert; install libreoffice-writer, "
            "or save the file as DOCX"
        )
    suffix = ".rtf" if data.startswith(b"{\\rtf") else ".doc"
    with tempfile.TemporaryDirectory(prefix="ie-doc-") as folder:
        converted = _converted(program, data, suffix, Path(folder), name)
    content = docx.read(converted, name, options=options)
    return replace(content, warnings=(*content.warnings, "converted by LibreOffice"))


def _converted(program: str, data: bytes, suffix: str, folder: Path, name: str) -> bytes:
    source, out, user = folder / f"source{suffix}", folder / "out", folder / "profile" / "user"
    user.mkdir(parents=True)
    source.write_bytes(data)
    (user / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    command = [program, f"-env:UserInstallation={user.parent.as_uri()}", "--headless", "--norestore", "--nologo"]
    command += [
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(out),
        str(source),
    ]
    _run(command, folder, name)
    made = out / "source.docx"
    if not made.is_file():
        raise InputError(f"{name}: LibreOffice cannot open it; it is damaged or protected by a password")
    return made.read_bytes()


def _run(command: list[str], folder: Path, name: str) -> None:
    """Run a command in a process group of its own and end the whole group when it takes too long."""
    home = {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    nothing = subprocess.DEVNULL
    with subprocess.Popen(
        command,
        env=os.environ | home,
        cwd=folder,
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
        start_new_session=True,
    ) as process:
        try:
            process.wait(TIMEOUT)
        except subprocess.TimeoutExpired as error:
            raise InputError(
                f"{name}: LibreOffice took more than {TIMEOUT:.0f} seconds; save it as DOCX first"
            ) from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
