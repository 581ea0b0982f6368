"""Puts libananke.so into the package and names the wheel after the header's version.

The library is the one that `make` built (build/lib), or $ANANKE_LIBRARY; when there is none, it is built first."""
import os
import pathlib
import re
import shutil
import subprocess

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

ROOT = pathlib.Path(__file__).resolve().parents[2]


def version():
    header = (ROOT / "include/ananke/version.h").read_text()
    return re.search(r'#define ANANKE_VERSION "([^"]+)"', header).group(1)


def library():
    chosen = pathlib.Path(os.environ.get("ANANKE_LIBRARY", ROOT / "build/lib/libananke.so"))
    if not chosen.exists():
        subprocess.run(["make", "-C", str(ROOT)], check=True)
    return chosen.resolve()


class BuildWithLibrary(build_py):
    def run(self):
        super().run()
        target = pathlib.Path(self.build_lib) / "ananke" / "libananke.so"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(library(), target)


class WithLibrary(Distribution):
    """The package holds machine code, though none that setuptools compiles."""

    def has_ext_modules(self):
        return True


class AnyPython(bdist_wheel):
    """Any Python 3 may load it, on this kind of machine."""

    def get_tag(self):
        return ("py3", "none", super().get_tag()[2])


setup(version=version(), distclass=WithLibrary, cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": AnyPython})
