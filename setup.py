"""The first city's folder is packed as `xinqiao/cities`; all else about the wheel stands in pyproject.toml."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["xinqiao*"]), "xinqiao.cities"])
