"""Files of office formats through LibreOffice, and pages that look scanned."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ie.errors import InputError

FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "doc": "doc:MS Word 97",
    "odt": "odt:writer8",
    "pdf": "pdf:writer_pdf_Export",
    "rtf": "rtf:Rich Text Format",
}
SCAN_DPI = 150


def convert(sources: Mapping[str, bytes], suffix: str, *, source: str = "fodt") -> dict[str, bytes]:
    """Return documents by name in another format; InputError when LibreOffice is missing or fails.

    ODT is made by way of DOCX: LibreOffice 7 cannot store a flat ODT as a packed one.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise InputError("LibreOffice is not installed; install libreoffice-writer to build the golden documents")
    if (source, suffix) == ("fodt", "odt"):
        return convert(convert(sources, "docx"), "odt", source="docx")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{name}.{source}") for name in sources]
        for path, data in zip(paths, sources.values(), strict=True):
            path.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        out = Path(folder, "out")
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            FILTERS[suffix],
            "--outdir",
            str(out),
            *map(str, paths),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        missing = [path.stem for path in paths if not (out / f"{path.stem}.{suffix}").is_file()]
        if missing:
            raise InputError(f"LibreOffice made no {suffix} of {', '.join(missing)}; run the command again")
        return {path.stem: (out / f"{path.stem}.{suffix}").read_bytes() for path in paths}


def scanned(pdf: bytes, *, seed: int, tilt: float = 0.4) -> bytes:
    """Return a PDF of pictures of the pages: grey, a little tilted, blurred and noisy, without text."""
    import numpy as np
    import pypdfium2
    from PIL import Image, ImageFilter

    random = np.random.default_rng(seed)
    pages = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=SCAN_DPI / 72, grayscale=True).to_pil()
        picture = picture.rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)
        picture = picture.filter(ImageFilter.GaussianBlur(0.5))
        noisy = np.asarray(picture, dtype=np.float32) * 0.94 + random.normal(0, 5, (picture.height, picture.width))
        pages.append(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:], resolution=SCAN_DPI, quality=55)
    return stream.getvalue()
