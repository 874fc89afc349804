import json
import re

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.tools import html_escape

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# As many digits as the database's ids have.
NUMBER = re.compile(r"[0-9]{1,9}")


class RegisterController(http.Controller):
    @http.route("/sales_dept/register", type="http", auth="user", methods=["POST"], readonly=True)
    def register(self, model="", ids=""):
        """A register as XLSX; the user's own record rules decide what is in it.

        :param str model: whose register
        :param str ids: comma-separated ids of the chosen documents, in brackets or not; empty for all
        """
        try:
            register = self._register_of(model)
            content = register._register_records(self._chosen(ids))._register_file()
        except UserError as error:
            # The web client shows it as it shows any other.
            payload = {"code": 0, "message": "Odoo Server Error", "data": http.serialize_exception(error)}
            return request.make_response(html_escape(json.dumps(payload)), status=400)
        response = request.make_response(
            wrap_file(request.httprequest.environ, content),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{register._register_title()}.xlsx")),
            ],
        )
        response.direct_passthrough = True
        return response

    def _register_of(self, model):
        if model not in request.env or not hasattr(request.env[model], "_register_records"):
            raise UserError(request.env._("There is no register of “%(model)s”.", model=model))
        return request.env[model]

    def _chosen(self, ids):
        numbers = [text.strip() for text in ids.strip().strip("[]").split(",") if text.strip()]
        if wrong := next((text for text in numbers if not NUMBER.fullmatch(text)), None):
            raise UserError(
                request.env._(
                    "“%(text)s” is no number of a line: choose the lines in the list and export them again.", text=wrong
                )
            )
        return [int(text) for text in numbers]
