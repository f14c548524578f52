"""Start a command from a small process and write down what it used: `python -S launcher.py FILE LIMIT COMMAND...`.

A new process inherits the peak memory of the one it was forked from, so a large one cannot measure a small one.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    file, limit, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    used = {
        "code": os.waitstatus_to_exitcode(status),
        "late": os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1000,
    }
    Path(file).write_text(json.dumps(used), encoding="utf-8")
