from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.report import ReportController


class QuoteSignoffPrint(ReportController):
    def _report_readonly(self, rule, args):
        # What was printed is kept, which a copy of the database cannot do.
        return args.get("converter") != "pdf"

    @http.route(readonly=_report_readonly)
    def report_routes(self, reportname, docids=None, converter=None, **data):
        """A quotation that a colleague printed may be handed over: what was printed is kept."""
        response = super().report_routes(reportname, docids=docids, converter=converter, **data)
        report = request.env["ir.actions.report"]._get_report(reportname)
        if converter == "pdf" and report.model == "sale.order" and docids and request.env.user._is_internal():
            orders = request.env["sale.order"].browse(int(key) for key in docids.split(",") if key.isdigit())
            orders.exists()._note_printed()
        return response
