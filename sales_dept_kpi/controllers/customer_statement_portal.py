from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import pager
from odoo.addons.sales_dept_logistics.models.delivery_notice.entered_quantity import entered_quantity
from odoo.addons.sales_dept_roles.controllers.portal_link import PortalLink
from odoo.addons.sales_dept_roles.controllers.register import XLSX

from ..models.customer_statement.customer_statement_portal import SHOWN
from ..models.customer_statement.customer_statement_sheet import MOST_BYTES
from ..models.customer_statement.sheet import MOST

# Lines on a page: a statement of thousands opens as fast as one of few.
STEP = 80
# No id or number of a page has more; Python reads none of thousands of digits.
MOST_DIGITS = 18
# Of a line, as the page names its inputs: what is said in which.
INPUTS = {"qty": "quantity", "price": "price_unit", "remark": "remark"}


class CustomerStatementPortal(PortalLink):
    """The customer's statements: confirmed once, or corrected line by line."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "statement_count" in counters:
            Statement = request.env["customer.statement"]
            values["statement_count"] = (
                Statement.search_count([("state", "in", SHOWN)]) if Statement.has_access("read") else 0
            )
        return values

    @http.route(["/my/statements", "/my/statements/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_statements(self, page=1, **kw):
        Statement = request.env["customer.statement"]
        domain = [("state", "in", SHOWN)]
        pages = pager(url="/my/statements", total=Statement.search_count(domain), page=page, step=self._items_per_page)
        statements = Statement.search(domain, limit=self._items_per_page, offset=pages["offset"])
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "statements": statements.sudo(),
                "page_name": "statement",
                "pager": pages,
                "default_url": "/my/statements",
            }
        )
        return request.render("sales_dept_kpi.portal_my_statements", values)

    @http.route("/my/statements/<int:statement_id>", type="http", auth="public", website=True)
    def portal_statement(self, statement_id, access_token=None, page=1, message=None, **kw):
        try:
            statement = self._statement(statement_id, access_token)
        except (AccessError, MissingError):
            return self._no_document("customer.statement", statement_id, access_token)
        return self._page_of(statement, access_token, page, message)

    def _page_of(self, statement, access_token, page=1, message=None, error=None):
        total = statement.line_count
        url = f"/my/statements/{statement.id}"
        pages = pager(
            url=url,
            total=total,
            page=int(page) if str(page).isdecimal() and len(str(page)) <= MOST_DIGITS else 1,
            step=STEP,
            url_args={"access_token": access_token} if access_token else {},
        )
        lines = statement.line_ids.search([("statement_id", "=", statement.id)], limit=STEP, offset=pages["offset"])
        values = self._get_page_view_values(
            statement,
            access_token,
            {
                "statement": statement,
                "lines": lines,
                "corrections": statement.correction_ids.filtered(lambda said: said.state != "replaced"),
                "line_pager": pages,
                "page_name": "statement",
                "message": message,
                "error": error,
                "signer": "" if request.env.user._is_public() else request.env.user.partner_id.name,
            },
            "statements",
            False,
        )
        return request.render("sales_dept_kpi.portal_statement", values)

    @http.route("/my/statements/<int:statement_id>/file", type="http", auth="public", website=True)
    def portal_statement_file(self, statement_id, access_token=None, kind="pdf", **kw):
        """The paper or the spreadsheet, as it went out last."""
        try:
            statement = self._statement(statement_id, access_token)
        except (AccessError, MissingError):
            return self._no_document("customer.statement", statement_id, access_token)
        issue = statement.issue_ids[:1]
        field, mimetype = ("sheet", XLSX) if kind == "xlsx" else ("paper", "application/pdf")
        return request.make_response(
            issue._content(field),
            headers=[("Content-Type", mimetype), ("Content-Disposition", content_disposition(issue[f"{field}_name"]))],
        )

    # === ANSWERS === #

    @http.route("/my/statements/<int:statement_id>/confirm", type="http", auth="public", methods=["POST"], website=True)
    def portal_statement_confirm(self, statement_id, access_token=None, version=None, name=None, **kw):
        """The customer agrees with the version that the page showed; once."""

        def confirm(statement):
            partner = statement.partner_id if request.env.user._is_public() else request.env.user.partner_id
            statement._confirm(name, "portal", partner)
            statement._post_confirmed(partner)

        return self._answer(statement_id, access_token, version, confirm, "confirmed")

    @http.route("/my/statements/<int:statement_id>/correct", type="http", auth="public", methods=["POST"], website=True)
    def portal_statement_correct(self, statement_id, access_token=None, version=None, name=None, remark=None, **kw):
        """The customer says what is wrong: ``qty_7``, ``price_7`` and ``remark_7`` are of the line with the id 7."""

        def correct(statement):
            statement._correct(self._said(statement, kw), name, "portal", remark)

        return self._answer(statement_id, access_token, version, correct, "corrected")

    @http.route("/my/statements/<int:statement_id>/upload", type="http", auth="public", methods=["POST"], website=True)
    def portal_statement_upload(self, statement_id, access_token=None, version=None, name=None, file=None, **kw):
        """The customer gives back the spreadsheet with what is wrong."""

        def correct(statement):
            # Of a larger one no more is read than it takes to refuse it.
            statement._correct_by_sheet(file.read(MOST_BYTES + 1) if hasattr(file, "read") else b"", name)

        return self._answer(statement_id, access_token, version, correct, "corrected")

    def _answer(self, statement_id, access_token, version, work, message):
        """Do `work` with the statement, or show its page with what is wrong; what is refused leaves nothing behind."""
        try:
            statement = self._statement(statement_id, access_token)
        except (AccessError, MissingError):
            return self._no_document("customer.statement", statement_id, access_token)
        try:
            # Two people at the same moment: the second one waits for the first, and finds what that one did.
            with request.env.cr.savepoint():
                statement._lock()
                statement._check_version(version)
                work(statement)
        except (UserError, ValidationError) as error:
            statement.invalidate_recordset()
            return self._page_of(statement, access_token, error=str(error))
        return request.redirect(statement.get_portal_url(query_string=f"&message={message}"))

    def _said(self, statement, form):
        """Return ``{line: {"quantity", "price_unit", "remark"}}`` of what was entered.

        :raises UserError: where a number is none
        """
        entered = {}
        for name, text in form.items():
            kind, _sep, line_id = name.partition("_")
            if kind in INPUTS and line_id.isdecimal() and isinstance(text, str) and text.strip():
                entered.setdefault(int(line_id[:MOST_DIGITS]), {})[kind] = text.strip()
        lines = {line.id: line for line in statement.line_ids if line.id in entered}
        if len(lines) < len(entered):
            raise UserError(request.env._("A line of the page is not on the statement any more. Look at it anew."))
        return {
            lines[line_id]: {
                INPUTS[kind]: text if kind == "remark" else self._number(lines[line_id], text)
                for kind, text in words.items()
            }
            for line_id, words in entered.items()
        }

    def _number(self, line, text):
        lang = request.env["res.lang"]._lang_get(request.env.lang or "en_US")
        # What came back is stated with a minus.
        digits = text.lstrip("-−")
        number = entered_quantity(digits, lang.decimal_point or ".", lang.thousands_sep)
        if number is None or number >= MOST:
            raise UserError(
                request.env._("Line %(number)s: “%(text)s” is no number.", number=line.number, text=text[:50])
            )
        return number if digits == text else -number

    def _statement(self, statement_id, access_token):
        """The statement as superuser, for whom it is for.

        :raises AccessError: for others, before it was sent, and with a link whose time is over
        """
        statement = self._document_check_access("customer.statement", statement_id, access_token=access_token)
        if statement.state not in SHOWN:
            raise AccessError(request.env._("This statement is not to be found."))
        return statement
