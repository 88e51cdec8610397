"""Makes `.venv` what the locks in `requirements/` say; asks no index when it already is.

`run` installs what runs, `test` also what tests. Started by the system's Python before anything is installed, hence
the standard library alone, and as a script, hence no imports from its own package.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
# What runs comes first and is part of both.
LOCKS = {"run": ("run",), "test": ("run", "test")}
STAMP = VENV / "yihu-stamp.json"
NEWEST_TESTED = (3, 13)


def main() -> None:
    """Bring `.venv` up to date, one installer at a time."""
    purpose = sys.argv[1] if len(sys.argv) == 2 else ""
    if purpose not in LOCKS:
        stop("用法：launcher/install.py run（只装运行所需）或 test（连同测试所需）。")
    os.chdir(ROOT)
    Path("var").mkdir(exist_ok=True)
    with open("var/install.lock", "w") as mutex:
        fcntl.flock(mutex, fcntl.LOCK_EX)
        install(purpose)


def install(purpose: str) -> None:
    """Do for this purpose what the stamp says is still to be done, and stamp it."""
    stamp = read_stamp()
    locks = {name: digest(lock_of(name).read_bytes()) for name in LOCKS[purpose]}
    wanted = {**locks, "project": project_digest(), "folder": str(ROOT)}
    if not stamp or must_rebuild(stamp):
        warn_if_untested()
        stamp = {}
    elif all(stamp.get(key) == value for key, value in wanted.items()):
        return

    installer = choose_installer()
    # Without a stamp, an installation cut short here is built afresh next time.
    STAMP.unlink(missing_ok=True)
    if not stamp:
        make_venv(installer)
    if any(stamp.get(name) != locks[name] for name in locks):
        say(f"正在安装依赖（{installer}），第一次约需一分钟……")
        files = [argument for name in locks for argument in ("-r", str(lock_of(name).relative_to(ROOT)))]
        pip(installer, "install", "--require-hashes", *files)
    pip(installer, "install", "--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
    # What tests was locked to what ran then: another lock of what runs asks for both again.
    kept = {"test": stamp["test"]} if "test" in stamp and stamp.get("run") == locks["run"] else {}
    STAMP.write_text(json.dumps({**kept, **wanted, "python": venv_python_version()}, indent=1), encoding="utf-8")
    say("安装完成。")


def lock_of(name: str) -> Path:
    """The file that pins what this name stands for."""
    return REQUIREMENTS / f"{name}.lock"


def read_stamp() -> dict[str, str]:
    """What the last completed installation left, or nothing."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def must_rebuild(stamp: dict[str, str]) -> bool:
    """Whether `.venv` is beyond mending: its Python went or changed, or the folder was moved (scripts name it)."""
    if stamp.get("folder") != str(ROOT) or stamp.get("python") != venv_python_version():
        return True
    asked_for = os.environ.get("PYTHON")
    return bool(asked_for) and stamp["python"] != minor_version(sys.version_info[:2])


def venv_python_version() -> str:
    """The minor version that `.venv` runs now, or an empty string if it does not run."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([VENV / "bin/python", "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


def minor_version(version: tuple[int, int]) -> str:
    """`3.11` for any 3.11."""
    return f"{version[0]}.{version[1]}"


def digest(content: bytes) -> str:
    """A short name for content."""
    return hashlib.sha256(content).hexdigest()


def project_digest() -> str:
    """What of pyproject.toml an installation depends on: not the settings of the checkers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [project["build-system"], project["project"], project["tool"]["hatch"]]
    return digest(json.dumps(parts, sort_keys=True).encode())


def warn_if_untested() -> None:
    """Say so when this Python is newer than any that the tests were run on."""
    if sys.version_info[:2] > NEWEST_TESTED:
        say(f"注意：Python {minor_version(sys.version_info[:2])} 比测试过的版本（3.11 至 3.13）新，继续安装。")


def choose_installer() -> str:
    """`uv` where there is one, else `pip`; `YIHU_INSTALLER` decides otherwise."""
    chosen = os.environ.get("YIHU_INSTALLER") or ("uv" if shutil.which("uv") else "pip")
    if chosen not in ("uv", "pip"):
        stop(f"YIHU_INSTALLER 只能是 uv 或 pip，不能是 {chosen}。")
    if chosen == "uv" and not shutil.which("uv"):
        stop("YIHU_INSTALLER 指定了 uv，但 PATH 上没有 uv。")
    return chosen


def make_venv(installer: str) -> None:
    """An empty `.venv` of the Python that runs this."""
    shutil.rmtree(VENV, ignore_errors=True)
    if installer == "uv":
        run("uv", "venv", "--quiet", "--python", sys.executable, ".venv")
        return
    # Debian ships the venv module without ensurepip, which it cannot do without.
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        package = f"python{minor_version(sys.version_info[:2])}-venv"
        stop(f"这个 Python 缺少 {missing[0]} 模块。请先安装：apt-get install {package}（或 python3-venv）。")
    run(sys.executable, "-m", "venv", ".venv")


def pip(installer: str, command: str, *arguments: str) -> None:
    """Run pip, or uv in its manner, on `.venv`."""
    if installer == "uv":
        run("uv", "pip", command, "--quiet", "--python", ".venv/bin/python", *arguments)
    else:
        common = ["--quiet", "--disable-pip-version-check", "--no-input"]
        run(".venv/bin/python", "-m", "pip", command, *common, *arguments)


def run(*command: str) -> None:
    """Run it, or stop with what usually helps."""
    if subprocess.run(command).returncode:
        stop(
            "安装没有完成，原因见上。如果是连不上软件源，可以指定镜像后再运行一次，例如：\n"
            "  PIP_INDEX_URL=https://… make setup     （用 uv 时为 UV_DEFAULT_INDEX）"
        )


def say(message: str) -> None:
    """Tell the person at the terminal, in order with what the installer prints."""
    print(message, flush=True)


def stop(message: str) -> None:
    """Leave with a message and a failing status."""
    sys.exit(message)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("安装已中断；再运行一次会接着完成。")
