"""Build what is released and use it without the repository: sdist, the wheel of that, the steps of the Dockerfile.

Where a Docker daemon is at hand the image is built and run. Otherwise its steps are carried out here, in an environment
of its own and in folders that stand for those of the image, so that every line of the file is tried.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
OF_IMAGE = re.compile(r"(?<![\w.])/(?=$|source|wheels|requirements|work)")
"""The root of the image, where its steps name a path."""
SMALL = ["--areas", "300", "--gemeenten", "40", "--regions", "5"]
EXPECTED = {"fit.nc", "tables.xlsx", "wijken.csv", "wijken.parquet", "codebook.csv", "provenance.json", "lees-mij.txt"}
READ = """
from importlib.metadata import version
from pathlib import Path
import bayesmodel as bm
from bayesmodel.messages import choose_language, _
package = Path(bm.__file__).parent
assert version("bayesmodel-sae") == bm.__version__, version("bayesmodel-sae")
assert (package / "py.typed").is_file(), "no type marker"
choose_language("nl")
assert _("fit") != "fit", "no translations"
fit = bm.load_fit("{folder}/fit.nc")
assert fit.diagnostics.converged
assert len(fit.verdicts().summary()) == 300
print(package)
"""


def main() -> None:
    """Do all of it in a folder that is thrown away."""
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        source = unpacked(scratch)
        if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0:
            in_docker(source, scratch)
        else:
            step_by_step(source, scratch)


def unpacked(scratch: Path) -> Path:
    """Build the sdist and return the folder it unpacks to: all that follows knows nothing of the repository."""
    run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(scratch / "dist")], ROOT)
    (archive,) = (scratch / "dist").glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(scratch / "sdist", filter="data")
    (source,) = (scratch / "sdist").iterdir()
    return source


def in_docker(source: Path, scratch: Path) -> None:
    """Build the image and run it on a small country."""
    run(["docker", "build", "--tag", "bayesmodel-test", "."], source)
    (scratch / "work").mkdir()
    mounted = ["--volume", f"{scratch / 'work'}:/work", "bayesmodel-test"]
    run(["docker", "run", "--rm", *mounted, "example", *SMALL, "--out", "example-results"], scratch)
    check_results(scratch / "work" / "example-results")


def step_by_step(source: Path, scratch: Path) -> None:
    """Carry out the steps of the Dockerfile, each stage in an environment of its own."""
    image, environment, workdir = scratch / "image", scratch / "venv", scratch
    image.mkdir()
    command: dict[str, list[str]] = {}
    for line in (source / "Dockerfile").read_text("utf-8").splitlines():
        step, _, rest = line.partition(" ")
        rest = OF_IMAGE.sub(f"{image}/", rest)
        match step:
            case "FROM":
                shutil.rmtree(environment, ignore_errors=True)
                run([sys.executable, "-m", "venv", str(environment)], scratch)
            case "WORKDIR":
                workdir = Path(rest)
                workdir.mkdir(parents=True, exist_ok=True)
            case "COPY":
                copy(rest, source, workdir)
            case "RUN":
                path = f"{environment / 'bin'}:{os.environ['PATH']}"
                run(
                    ["bash", "-c", rest],
                    workdir,
                    os.environ | {"PATH": path, "PIP_QUIET": "2", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
                )
            case "ENTRYPOINT" | "CMD":
                command[step] = json.loads(rest)
    program = [str(environment / "bin" / command["ENTRYPOINT"][0]), *command["CMD"], *SMALL]
    run(program, workdir)
    results = workdir / command["CMD"][-1]
    check_results(results)
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run([str(environment / "bin" / "python"), "-c", READ.format(folder=results)], workdir, bare)
    run([str(environment / "bin" / "python"), "-m", "bayesmodel", "--version"], workdir, bare)


def copy(what: str, source: Path, workdir: Path) -> None:
    """Copy as COPY does: from the folder that is built, or from an earlier stage, which is here already."""
    if what.startswith("--from="):
        return
    name, _, target = what.partition(" ")
    if name == ".":
        shutil.copytree(source, workdir, dirs_exist_ok=True)
    else:
        shutil.copy(source / name, target)


def check_results(folder: Path) -> None:
    """See that the results are all there."""
    lacking = EXPECTED - {path.name for path in folder.iterdir()}
    if lacking:
        raise SystemExit(f"{folder} lacks {', '.join(sorted(lacking))}")


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    """Run a command; end the program where it fails."""
    ended = subprocess.run(command, cwd=folder, env=environment, check=False)
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {ended.returncode}")


if __name__ == "__main__":
    main()
