"""Odoo's web client in a real browser, watched for everything that goes wrong in it."""

import os
import re
from pathlib import Path

import requests
from common import ENV, ROOT

SCREENS = ENV / "screens"
VIEWS_OF_MENU = Path(__file__).with_name("views_of_menu.js").read_text(encoding="utf-8")
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LIMIT = 15_000

# A page that is left behind takes its requests with it.
LEFT_BEHIND = "net::ERR_ABORTED"


def chromium_options(executable):
    return {
        "executable_path": executable,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


def session_cookie(server, login):
    """Log in as `login` (whose password is the same) and return the cookie of the session."""
    response = requests.post(
        f"{server.url}/web/session/authenticate",
        json={"params": {"db": server.database, "login": login, "password": login}},
        timeout=60,
    )
    assert "result" in response.json(), f"{login} cannot log in: {response.text}"
    return {"name": "session_id", "value": response.cookies["session_id"], "url": server.url}


class WebClient:
    """One browser tab of one person."""

    def __init__(self, server, page, login, viewport=DESKTOP):
        self.server = server
        self.page = page
        self.login = login
        self.problems = []
        self.warnings = []
        # Of the page as it is loaded; people begin with English.
        self.language, self.size = "en_US", viewport
        page.set_default_timeout(LIMIT)
        page.set_viewport_size(viewport)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("requestfailed", self._on_request_failed)
        page.on("response", self._on_response)

    def _on_console(self, message):
        if message.type == "error":
            self.problems.append(f"console error: {message.text[:1000]}")
        elif message.type == "warning":
            self.warnings.append(message.text[:1000])

    def _on_request_failed(self, request):
        if request.failure != LEFT_BEHIND:
            self.problems.append(f"request failed: {request.method} {request.url} {request.failure}")

    def _on_response(self, response):
        if response.status >= 400:
            self.problems.append(f"answer {response.status}: {response.url}")

    # === GOING PLACES === #

    def open(self, path):
        """Load a page of the web client and wait until its view is there."""
        self.page.goto(f"{self.server.url}/odoo/{path}")
        self.size = self.page.viewport_size
        self.wait_for_view()
        return self

    def open_quotation(self, order_id):
        return self.open(f"sales/{order_id}")

    def reload(self):
        self.page.reload()
        self.size = self.page.viewport_size
        self.wait_for_view()

    def wait_for_view(self):
        """Wait until there is something in the view: lists and cards stand empty until their records have come."""
        views = (".o_view_controller", ".o_form_view", ".o_kpi_matrix_action")
        content = ", ".join(f".o_action_manager {view} .o_content > *" for view in views)
        self.page.locator(content).first.wait_for()

    def view_type(self):
        return self._action("currentController.props.type")

    def view_types(self):
        """Types of the views that the present action has, search aside; a screen of its own has none."""
        views = self._action("currentController.action.views") or []
        return [view_type for _view_id, view_type in views if view_type != "search"]

    def switch_view(self, view_type):
        """Do what the view switcher does, which on a phone hides in a menu."""
        self.page.evaluate("type => odoo.__WOWL_DEBUG__.root.env.services.action.switchView(type)", view_type)
        self.wait_for_view()

    def _action(self, path):
        return self.page.evaluate(f"odoo.__WOWL_DEBUG__.root.env.services.action.{path}")

    def apps(self):
        """Names of the apps in the menu by xml id."""
        return dict(
            self.page.evaluate("odoo.__WOWL_DEBUG__.root.env.services.menu.getApps().map(app => [app.xmlid, app.name])")
        )

    def menus(self, app):
        """Menus with an action below the app with the xml id `app`, as ``{xml id: (id, name)}``."""
        rows = self.page.evaluate(
            """xmlid => {
                const service = odoo.__WOWL_DEBUG__.root.env.services.menu;
                const walk = (menu) => [menu, ...menu.childrenTree.flatMap(walk)];
                const app = service.getApps().find((app) => app.xmlid === xmlid);
                return walk(service.getMenuAsTree(app.id)).slice(1)
                    .filter((menu) => menu.actionID)
                    .map((menu) => [menu.xmlid, menu.id, menu.name]);
            }""",
            app,
        )
        return {xmlid: (menu_id, name) for xmlid, menu_id, name in rows}

    def views_of_menu(self, menu_id):
        """Read what the views of the menu read, and return ``[{"type", "digest", "has_records"}]`` of them.

        The digest is the same for two people to whom the view is the same page.
        """
        return self.page.evaluate(VIEWS_OF_MENU, menu_id)

    def select_menu(self, menu_id):
        """Do what a click on the menu does, which on a phone hides in another menu."""
        self.page.evaluate("id => odoo.__WOWL_DEBUG__.root.env.services.menu.selectMenu(id)", menu_id)
        self.wait_for_view()

    def do_action(self, action):
        """Open an action by its path or its description, as a link within the web client does."""
        self.page.evaluate(
            "action => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(action, { clearBreadcrumbs: true })",
            action,
        )
        self.wait_for_view()

    def set_language(self, code):
        """Choose the language as the preferences do, and load the page anew."""
        self.page.evaluate(
            """async (code) => {
                const { orm } = odoo.__WOWL_DEBUG__.root.env.services;
                const { uid } = await orm.call("res.users", "context_get", []);
                await orm.write("res.users", [uid], { lang: code });
            }""",
            code,
        )
        self.language = code
        self.reload()

    # === SEEING AND CLICKING === #

    def button(self, label, within=""):
        return self.page.locator(f"{within} button:visible").filter(has_text=re.compile(rf"^\s*{re.escape(label)}\s*$"))

    def header_button(self, label):
        """A button of the form's header."""
        return self.button(label, ".o_form_statusbar")

    def field(self, name):
        return self.page.locator(f".o_field_widget[name={name}]")

    def state(self):
        """What the status bar of the form shows as reached."""
        return self.page.locator(".o_statusbar_status .o_arrow_button_current").inner_text()

    def choose(self, name, text, within=".o_form_view"):
        """Pick the record whose name contains `text` in the many2one `name`."""
        self.page.locator(f"{within} [name={name}] input").first.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item").filter(has_text=text).first.click()

    def draw_signature(self):
        """Draw two strokes in the dialog behind the signature field, and adopt the drawing."""
        self.page.locator(".o_field_widget[name=signature] .o_signature").click()
        self.page.locator(".o_web_sign_draw_button").click()
        canvas = self.page.locator("canvas.o_web_sign_signature")
        box = canvas.bounding_box()
        mouse = self.page.mouse
        for stroke in ([(0.2, 0.7), (0.35, 0.2), (0.5, 0.7)], [(0.3, 0.5), (0.7, 0.4)]):
            points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in stroke]
            mouse.move(*points[0])
            mouse.down()
            for point in points[1:]:
                mouse.move(*point, steps=5)
            mouse.up()
        self.button("Adopt & Sign").click()
        canvas.wait_for(state="detached")

    def icon_fonts_missing(self):
        """Names of Odoo's icon fonts that the page could not load."""
        return self.page.evaluate(
            """async () => {
                const missing = [];
                for (const name of ["FontAwesome", "odoo_ui_icons"]) {
                    const faces = await document.fonts.load(`16px ${name}`).catch(() => []);
                    if (!faces.length || !document.fonts.check(`16px ${name}`)) missing.push(name);
                }
                return missing;
            }"""
        )

    def error_shown(self):
        """Text of an error dialog or of a red notification, or None."""
        shown = self.page.locator(".o_error_dialog, .o_notification:has(.bg-danger)")
        return shown.first.inner_text() if shown.count() else None

    # === SCREENS === #

    def screen(self, name):
        """Keep a picture for people to look at, where they asked for pictures."""
        if os.environ.get("SCREENS"):
            self._save(name)

    def screen_of_failure(self, name):
        if not self.page.is_closed():
            self._save(f"failed-{name}-{self.login}")

    def _save(self, name):
        SCREENS.mkdir(exist_ok=True)
        path = SCREENS / f"{name}.png"
        self.page.screenshot(path=str(path))
        return path.relative_to(ROOT)
