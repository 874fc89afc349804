from odoo import http
from odoo.http import request

from ..models.partner_file.ir_attachment import WITHOUT_INDEX


class FreightStatementUpload(http.Controller):
    @http.route("/sales_dept/freight_statement_upload", type="http", auth="user", methods=["POST"])
    def freight_statement_upload(self, id, **_form):  # noqa: A002 — the name that Odoo's uploader sends
        """Keep the files that are dropped on a statement, unopened; the statement takes them with its own method.

        :return: ``[{"id", "filename"}]`` as JSON, as Odoo's own upload does
        """
        statement = request.env["freight.statement"].browse(int(id)).exists()
        if not statement:
            raise request.not_found()
        statement.check_access("write")
        files = request.httprequest.files.getlist("ufile")
        attachments = (
            request.env["ir.attachment"]
            .with_context(**{WITHOUT_INDEX: True})
            .create(
                [
                    {"name": file.filename, "raw": file.read(), "res_model": statement._name, "res_id": statement.id}
                    for file in files
                ]
            )
        )
        return request.make_json_response([{"id": found.id, "filename": found.name} for found in attachments])
