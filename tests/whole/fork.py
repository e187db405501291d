"""Python commands without two seconds of loading torch: a server loads libraries once and forks for each command.

What it has loaded is of third parties only, and no plugin of pytest, which pytest loads itself. In the child, folder,
environment, path and output are those of a process of its own: tests/whole/test_fork.py compares the two. What a fresh
process has of its own all the same is the seed of hashes, and a `sitecustomize`: where there is one, or no fork, the
command gets a process of its own. Each child compiles the files of its project: two edits in one second are two edits.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

LIBRARIES = (
    "numpy",
    "torch",
    "pytest",
    "mkdocs.commands.build",
    "mkdocs_jupyter.plugin",
    "material.plugins.search.plugin",
)
LIBRARIES += ("torch.fx.experimental.symbolic_shapes",)  # a derivative takes it
LIBRARIES += ("markdown.extensions.toc", "pymdownx.superfences", "pygments.lexers.python", "math_core")
SECONDS = 300  # that a command may take
FORKS = hasattr(os, "fork") and sys.platform != "darwin"  # whose own libraries do not outlive a fork


class Server:
    """A process that has libraries loaded, and runs commands one after the other."""

    def __init__(self):
        self.process = None
        self.folder = tempfile.TemporaryDirectory()

    def run(self, arguments, cwd, env):
        """Run `python <arguments>`: (exit code, what was said on both streams)."""
        if not FORKS or special(env):
            return fresh(arguments, cwd, env)
        if not self.process:
            plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            command, pipes = [sys.executable, __file__], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self.process = subprocess.Popen(command, **pipes, text=True, env=plain | {"NO_MKDOCS_2_WARNING": "1"})
        streams = [str(Path(self.folder.name, name)) for name in ("out", "err")]
        env = env | {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:hypothesispytest"}
        request = {"arguments": list(map(str, arguments)), "cwd": str(cwd), "env": env, "streams": streams}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        code = self.process.stdout.readline()
        assert code, "the server has ended: see above why"
        return int(code), "".join(Path(path).read_text("utf-8") for path in streams)

    def close(self):
        if self.process:
            self.process.communicate()
        self.folder.cleanup()


def special(env):
    """Whether Python itself would do something of its own at the start."""
    return any(Path(place, "sitecustomize.py").is_file() for place in env.get("PYTHONPATH", "").split(os.pathsep))


def fresh(arguments, cwd, env):
    """The same in a process of its own."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False, timeout=SECONDS
    )
    return done.returncode, done.stdout + done.stderr


def serve(path):
    """The server: a line of JSON asks for a command, a line with its exit code answers. `path` is any process's own."""
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            become(request, path)
        print(waited(child), flush=True)


def waited(child):
    """The exit code of a child, which is killed when its time is over."""
    end = time.monotonic() + SECONDS
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)


def become(request, path):
    """Be `python <arguments>`, and end."""
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    for number, name in enumerate([os.devnull, *request["streams"]]):
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY, 0o600)
        os.dup2(file, number)
        os.close(file)
    kind, what, *rest = request["arguments"]
    here = request["cwd"] if kind == "-m" else ""
    sys.path[:] = [here, *filter(None, request["env"].get("PYTHONPATH", "").split(os.pathsep)), *path]
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    sys.modules["numpy"].random.seed()
    sys.argv = [kind, *rest]
    os._exit(ended(kind, what))


def ended(kind, what):
    """Run a module or a text to its end; how to exit."""
    code = 1
    try:
        if kind == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
        if error.code is not None and not isinstance(error.code, int):
            print(error.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


if __name__ == "__main__":
    serve(sys.path[1:])
