"""Puts the contract into the package: what the build of src/Inference.Contracts made of protos/."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CONTRACT = Path(__file__).resolve().parents[2] / "src/Inference.Contracts/obj/inference.binpb"


class WithContract(build_py):
    def run(self):
        super().run()
        if not self.editable_mode:
            shutil.copy(CONTRACT, Path(self.build_lib) / "inference_client/inference.binpb")


setup(cmdclass={"build_py": WithContract})
