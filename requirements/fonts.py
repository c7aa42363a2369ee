"""Fetches the fonts PDF reports are set in, where the system has none: `python3 requirements/fonts.py`.

They come as two npm packages by npm itself, which knows its registry; what arrives is held against the hashes here.
Licence: SIL Open Font License 1.1 (LICENSE_FONT, copied beside them).
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "xinqiao" / "documents" / "fonts"
VERSION = "0.4.3"
SC, JP = "@expo-google-fonts/noto-sans-sc", "@expo-google-fonts/noto-sans-jp"
# SHA-256 of each file taken.
FILES = {
    SC: {
        "400Regular/NotoSansSC_400Regular.ttf": "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
        "700Bold/NotoSansSC_700Bold.ttf": "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
        "LICENSE_FONT": "1c05c68c34f9708415aada51f17e1b0092d2cea709bf4a94cd38114f9e73d7d9",
    },
    JP: {"400Regular/NotoSansJP_400Regular.ttf": "d930d5d52d15231c283089760f84584272ad5e37e14607ba0d19c798e7a9caec"},
}


def main() -> None:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("需要 npm；或者安装 Debian 的 fonts-noto-cjk · npm is needed; or install Debian's fonts-noto-cjk")
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for package, files in FILES.items():
            subprocess.run([npm, "pack", f"{package}@{VERSION}", "--silent"], cwd=folder, check=True)
            packed = f"{package.removeprefix('@').replace('/', '-')}-{VERSION}.tgz"
            take(Path(folder) / packed, files)
    print(f"字体已放入 · fonts are in {HERE}")


def take(packed: Path, files: dict[str, str]) -> None:
    """The files named, each only if it is what it was when its hash was written down."""
    with tarfile.open(packed) as package:
        for name, digest in files.items():
            member = package.extractfile(f"package/{name}")
            content = member.read() if member else b""
            if hashlib.sha256(content).hexdigest() != digest:
                sys.exit(f"{name} 与记录的指纹不符 · {name} is not the file its hash speaks of")
            (HERE / Path(name).name).write_bytes(content)


if __name__ == "__main__":
    main()
