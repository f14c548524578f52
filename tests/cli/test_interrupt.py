"""Ctrl-C before the program has begun ends it without a word."""

import subprocess
import sys

import pytest

SCRIPT = """
import builtins, os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where these tests run in the background of a shell
real = builtins.__import__

def stopped(name, *rest):
    if name == {moment!r}:
        os.kill(os.getpid(), signal.SIGINT)
    return real(name, *rest)

builtins.__import__ = stopped
from bayesmodel.cli import main
main()
"""


@pytest.mark.parametrize(
    "moment", ["lazy_loader", "bayesmodel.cli.start", "bayesmodel.messages", "bayesmodel.cli.program"]
)
def test_it_is_quiet_from_its_first_line(moment, tmp_path):
    program = tmp_path / "bayesmodel"
    program.write_text(SCRIPT.format(moment=moment), encoding="utf-8")
    done = subprocess.run([sys.executable, program, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr


LOST = """
import builtins, ctypes, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
real = builtins.__import__

def lost():
    raise KeyboardInterrupt

def losing(name, *rest):
    if name == "bayesmodel.cli.program":
        ctypes.CFUNCTYPE(None)(lost)()
        {afterwards}
    return real(name, *rest)

builtins.__import__ = losing
from bayesmodel.cli import main
main()
"""


@pytest.mark.parametrize(
    "afterwards", ["[time.sleep(0.1) for _ in range(200)]", "raise RuntimeError('nothing was compiled')"]
)
def test_it_is_not_lost_in_a_library(afterwards, tmp_path):
    """A library in C that calls Python cannot pass an exception on."""
    program = tmp_path / "bayesmodel"
    program.write_text(LOST.format(afterwards=afterwards), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program, "--version"], capture_output=True, text=True, check=False, timeout=15
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.startswith("Stopped by Ctrl-C")
    assert "Traceback" not in done.stderr


def test_importing_the_package_leaves_ctrl_c_alone():
    asked = "import signal; before = signal.getsignal(signal.SIGINT); import bayesmodel; "
    same = "print(signal.getsignal(signal.SIGINT) is before)"
    done = subprocess.run([sys.executable, "-c", asked + same], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr
