"""OCA's addons, fetched where something is tried or timed beside them."""

from common import ENV, PYTHON, SetupError, run_logged, tail


def fetch_oca(versions):
    """Fetch the packages of `versions` (``{addon: version}``); return the folder that the addons lie in."""
    folder = ENV / "oca"
    packages = [f"odoo-addon-{name.replace('_', '-')}=={version}" for name, version in versions.items()]
    command = [str(PYTHON), "-m", "pip", "install", "--no-deps", "--upgrade", "--target", str(folder), *packages]
    if run_logged(command, "oca-pip.log"):
        raise SetupError(f"OCA's addons could not be fetched. Check the network and run again.\n{tail('oca-pip.log')}")
    return folder / "odoo" / "addons"
