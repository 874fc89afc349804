"""Set-up of the environment: Odoo 19, Python packages, PostgreSQL, browser and PDF renderer.

Everything of ours goes into the git-ignored folder ``.env``. Each step leaves a stamp when it is
done, so an interrupted set-up goes on where it was, and a second run takes no time.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

from common import ENV, LOGS, PYTHON, ROOT, VENV, SetupError, main, odoo_home, run_logged, say, tail

OLDEST_PYTHON = (3, 10)
FREE_SPACE_NEEDED = 4 * 10**9
ODOO_REPOSITORY = "https://github.com/odoo/odoo.git"
ODOO_BRANCH = "19.0"
SYSTEM_PACKAGES = {
    # program or font that must be there: Debian package that brings it
    "chromium": "chromium",
    "wkhtmltopdf": "wkhtmltopdf",
    "NotoSansCJK": "fonts-noto-cjk",
}
# The Debian package of Odoo leaves links to files of these packages. Font Awesome comes from Debian
# 12, as later releases no longer have the files that Odoo's icons need.
DEBIAN_ODOO = ["odoo-19"]
DEBIAN_LINKED = [
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
]
FONT_AWESOME = "fonts-font-awesome/bookworm"


def check_python(version=None):
    version = version or sys.version_info[:2]
    if tuple(version) < OLDEST_PYTHON:
        raise SetupError(
            f"Python {version[0]}.{version[1]} is too old: Odoo 19 needs Python 3.10 or newer. "
            "Install it and call `make PYTHON=python3.11 …`."
        )


def check_space(free=None):
    free = shutil.disk_usage(ROOT).free if free is None else free
    if free < FREE_SPACE_NEEDED:
        raise SetupError(
            f"Only {free / 10**9:.1f} GB are free where this folder lies; the environment needs "
            f"{FREE_SPACE_NEEDED / 10**9:.0f} GB. Free some space or move the folder."
        )


def stamp(step, *contents):
    """Path of the stamp of `step`; it changes when one of `contents` does."""
    digest = hashlib.sha256("\0".join(map(str, contents)).encode()).hexdigest()[:12]
    return ENV / "stamps" / f"{step}-{digest}"


def once(path, function):
    """Call `function` unless the stamp `path` says it was done; leave the stamp when it is."""
    if path.exists():
        return
    function()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


# === SYSTEM PACKAGES === #


def missing_system_packages():
    fonts = subprocess.run(["fc-list"], capture_output=True, text=True).stdout if shutil.which("fc-list") else ""
    present = {
        "chromium": any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")),
        "wkhtmltopdf": shutil.which("wkhtmltopdf"),
        "NotoSansCJK": re.search(r"Noto ?(Sans|Serif) ?CJK|NotoSansCJK", fonts),
    }
    return [package for name, package in SYSTEM_PACKAGES.items() if not present[name]]


def install_system_packages():
    """Install browser, PDF renderer and Chinese fonts where we may; else say what is missing."""
    missing = missing_system_packages()
    if not missing:
        return
    command = f"apt-get install {' '.join(missing)}"
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    allowed = os.geteuid() == 0 or (
        shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0
    )
    if not shutil.which("apt-get") or not allowed:
        say(f"  ! Not installed, since that needs root: {', '.join(missing)}. Have somebody run: {command}")
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_logged([*prefix, "apt-get", "update"], "apt-update.log", env=environment)
    install = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *missing]
    if run_logged(install, "apt-install.log", env=environment):
        say(f"  ! These could not be installed: {', '.join(missing)}. Try: {command}\n{tail('apt-install.log')}")


# === ODOO === #


def fetch_odoo():
    if "ODOO_HOME" in os.environ:
        if not (odoo_home() / "odoo" / "release.py").exists():
            raise SetupError(f"ODOO_HOME is {odoo_home()}, but there is no Odoo: the folder must hold odoo/release.py.")
        return
    if (ENV / "odoo" / "odoo" / "release.py").exists():
        return
    fetch_odoo_from_git() or fetch_odoo_from_debian()


def fetch_odoo_from_git():
    """Clone the branch, where the repository answers within seconds; return whether it did."""
    if not shutil.which("git"):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        reached = subprocess.call(
            ["git", "ls-remote", "--heads", ODOO_REPOSITORY, ODOO_BRANCH], timeout=8, env=environment, **quiet
        )
    except subprocess.TimeoutExpired:
        return False
    if reached != 0:
        return False
    target = ENV / "odoo.part"
    shutil.rmtree(target, ignore_errors=True)
    command = ["git", "clone", "--depth", "1", "--branch", ODOO_BRANCH, ODOO_REPOSITORY, str(target)]
    if run_logged(command, "odoo-git.log", env=environment):
        return False
    target.rename(ENV / "odoo")
    return True


def debian_mirror():
    """The mirror that this machine's apt is set to, or None."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)|$(COMPONENT)"], capture_output=True, text=True
    ).stdout
    for line in targets.splitlines():
        uri, _origin, component = line.split("|")
        if component == "main" and re.search(r"/debian/?$", uri):
            return uri
    return None


def fetch_odoo_from_debian():
    """Unpack Debian's package of Odoo into a private folder; nothing is installed system-wide."""
    mirror = debian_mirror()
    if not mirror:
        raise SetupError(
            "Odoo 19 could not be fetched: its repository does not answer and this machine's apt names no Debian "
            "mirror. Check the network, or put an Odoo 19 source tree anywhere and set ODOO_HOME to it."
        )
    folder = ENV / "debian"
    for name in ("lists/partial", "cache/archives/partial", "packages"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (folder / "sources.list").write_text(
        "".join(f"deb [signed-by={keyring}] {mirror} {suite} main\n" for suite in ("sid", "bookworm")),
        encoding="utf-8",
    )
    apt = [
        "apt-get",
        "-o", f"Dir::State::lists={folder / 'lists'}",
        "-o", f"Dir::Cache={folder / 'cache'}",
        "-o", f"Dir::Etc::sourcelist={folder / 'sources.list'}",
        "-o", "Dir::Etc::sourceparts=-",
        "-o", "Acquire::Languages=none",
        # The system's own pins are for its own releases.
        "-o", "Dir::Etc::preferencesparts=-",
    ]  # fmt: skip
    if run_logged([*apt, "update"], "odoo-apt-update.log"):
        raise SetupError(
            f"The Debian mirror did not answer. Check the network and run again.\n{tail('odoo-apt-update.log')}"
        )
    packages = [f"{name}/sid" for name in DEBIAN_ODOO + DEBIAN_LINKED] + [FONT_AWESOME]
    for package in packages:
        log = f"odoo-{package.split('/')[0]}.log"
        if run_logged([*apt, "download", package], log, cwd=folder / "packages"):
            raise SetupError(
                f"The package {package} could not be fetched. Check the network and run again.\n{tail(log)}"
            )
    root = ENV / "root.part"
    shutil.rmtree(root, ignore_errors=True)
    for package in sorted((folder / "packages").glob("*.deb")):
        if run_logged(["dpkg-deb", "-x", str(package), str(root)], "odoo-unpack.log"):
            raise SetupError(f"{package.name} could not be unpacked.\n{tail('odoo-unpack.log')}")
    root.rename(ENV / "root")
    (ENV / "odoo").symlink_to("root/usr/lib/python3/dist-packages")
    shutil.rmtree(folder)


def complete_web_client():
    """Fill in what Debian's package leaves out, and see that no link of Odoo's dangles."""
    if "ODOO_HOME" in os.environ:
        return
    target = (
        odoo_home() / "odoo" / "addons" / "mail" / "static" / "lib" / "selfie_segmentation" / "selfie_segmentation.js"
    )
    if target.parent.parent.exists() and not target.exists():
        add_selfie_segmentation(target)
    links = [path for path in odoo_home().rglob("*") if path.is_symlink() and not path.exists()]
    missing = [link for link in links if not mend_link(link)]
    if missing:
        names = "\n".join(f"  {path}" for path in missing[:5])
        raise SetupError(f"{len(missing)} files of the web client are missing:\n{names}\nRun make clean and try again.")


def mend_link(link):
    """Point a link at the file it means, which a newer font package has renamed or moved."""
    names = (link.name, f"{link.stem}-Regular{link.suffix}")
    found = [path for name in names for path in (ENV / "root" / "usr" / "share").rglob(name) if path.is_file()]
    if found:
        link.unlink()
        link.symlink_to(found[0])
    return bool(found)


def add_selfie_segmentation(target):
    """The library behind blurred video backgrounds; without the file each page logs an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = ENV / "npm"
    folder.mkdir(exist_ok=True)
    packed = (
        shutil.which("npm")
        and run_logged(["npm", "pack", "@mediapipe/selfie_segmentation@0.1.1675465747"], "npm.log", cwd=folder) == 0
    )
    if packed:
        archive = next(folder.glob("*.tgz"))
        shutil.unpack_archive(archive, folder, filter="data")
        shutil.copy(folder / "package" / "selfie_segmentation.js", target)
    else:
        say("  ! npm is not here: blurred backgrounds in video calls will not work, everything else does.")
        target.write_text("// Background blur is not part of this environment.\n", encoding="utf-8")
    shutil.rmtree(folder)


# === PYTHON === #


# All versions, pinned: those of the addons' own requirements too.
REQUIREMENTS = ROOT / "dev" / "requirements.txt"


def install_python_packages():
    if not PYTHON.exists():
        if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
            raise SetupError("Python could not make a virtual environment. On Debian: apt-get install python3-venv.")
    command = [str(PYTHON), "-m", "pip", "install", "--prefer-binary", "--progress-bar", "off"]
    if run_logged([*command, "-r", str(REQUIREMENTS)], "pip.log"):
        raise SetupError(
            f"The Python packages could not be installed. Check the network and run again.\n{tail('pip.log')}"
        )


def check_postgres():
    """Start the database once, so that what is wrong with it shows here."""
    if run_logged([str(PYTHON), str(ROOT / "dev" / "postgres.py")], "postgres.log"):
        raise SetupError(f"PostgreSQL does not start:\n{tail('postgres.log', 12)}")


def setup():
    check_python()
    ENV.mkdir(exist_ok=True)
    LOGS.mkdir(exist_ok=True)
    requirements = REQUIREMENTS.read_text(encoding="utf-8")
    steps = [
        ("Browser, PDF renderer, Chinese fonts", None, install_system_packages),
        ("Odoo 19", stamp("odoo", os.environ.get("ODOO_HOME")), lambda: (fetch_odoo(), complete_web_client())),
        (
            "Python packages",
            stamp("python", sys.version, requirements),
            install_python_packages,
        ),
        ("PostgreSQL", stamp("postgres", os.environ.get("PGHOST"), os.environ.get("PGPORT")), check_postgres),
    ]
    to_do = [step for step in steps if step[1] and not step[1].exists()]
    if to_do:
        check_space()
    for number, (name, path, function) in enumerate(steps, start=1):
        if path and path.exists():
            continue
        begin = time.monotonic()
        if path:
            say(f"[{number}/{len(steps)}] {name} …")
            once(path, function)
            say(f"      done in {time.monotonic() - begin:.0f} s")
        else:
            function()
    return 0


if __name__ == "__main__":
    main(setup)
