import uuid

from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request
from odoo.tools import mute_logger, plaintext2html

from odoo.addons.portal.controllers.portal import pager

from ..models.customer_issue.customer_issue_limit import KINDS
from .portal_link import PortalLink

# What a customer sends along at once.
MOST_FILES, MOST_BYTES = 10, 25 * 1024 * 1024
MOST_CHARACTERS = 20_000


class CustomerIssuePortal(PortalLink):
    """The customer's issues: enter one, follow what becomes of it, say that it is solved or not."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "issue_count" in counters:
            Issue = request.env["customer.issue"]
            values["issue_count"] = Issue.search_count([]) if Issue.has_access("read") else 0
        return values

    @http.route(["/my/issues", "/my/issues/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_issues(self, page=1, message=None, **kw):
        Issue = request.env["customer.issue"]
        pages = pager(url="/my/issues", total=Issue.search_count([]), page=page, step=self._items_per_page)
        issues = Issue.search([], order="reported_at desc, id desc", limit=self._items_per_page, offset=pages["offset"])
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "issues": issues.sudo(),
                "page_name": "issue",
                "pager": pages,
                "default_url": "/my/issues",
                "message": message,
                "may_enter": self._issues_on_portal(),
            }
        )
        return request.render("sales_dept_roles.portal_my_issues", values)

    @http.route("/my/issues/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_new_issue(self, **kw):
        if not self._issues_on_portal():
            return request.redirect("/my/issues")
        return self._render_new({"submission_key": uuid.uuid4().hex})

    @http.route("/my/issues/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_enter_issue(self, **form):
        """The customer enters an issue; the same form sent twice is one."""
        if not self._issues_on_portal():
            return request.redirect("/my/issues")
        files = [file for file in request.httprequest.files.getlist("attachments") if file.filename]
        try:
            with request.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                issue = self._enter_issue(form, files)
                request.env.flush_all()
        except UniqueViolation:
            # Sent twice at the same moment: the other one has it.
            return request.redirect("/my/issues?message=sent")
        except (UserError, ValidationError) as error:
            return self._render_new({**form, "error": str(error)})
        return request.redirect(issue.get_portal_url(query_string="&message=sent"))

    @http.route("/my/issues/<int:issue_id>", type="http", auth="public", website=True)
    def portal_issue(self, issue_id, access_token=None, message=None, **kw):
        try:
            issue = self._document_check_access("customer.issue", issue_id, access_token=access_token)
        except (AccessError, MissingError):
            return self._no_document("customer.issue", issue_id, access_token)
        values = self._get_page_view_values(
            issue, access_token, {"issue": issue, "page_name": "issue", "message": message}, "issues", False
        )
        return request.render("sales_dept_roles.portal_issue", values)

    @http.route("/my/issues/<int:issue_id>/not-solved", type="http", auth="public", website=True, methods=["POST"])
    def portal_issue_not_solved(self, issue_id, access_token=None, text="", **kw):
        """The customer says that the issue is not solved, and why."""
        return self._customer_says(issue_id, access_token, lambda issue, author: self._not_solved(issue, author, text))

    @http.route("/my/issues/<int:issue_id>/solved", type="http", auth="public", website=True, methods=["POST"])
    def portal_issue_solved(self, issue_id, access_token=None, **kw):
        """The customer says that the issue is solved."""
        return self._customer_says(issue_id, access_token, self._solved)

    # === PARTS === #

    def _customer_says(self, issue_id, access_token, act):
        try:
            issue = self._document_check_access("customer.issue", issue_id, access_token=access_token)
        except (AccessError, MissingError):
            return self._no_document("customer.issue", issue_id, access_token)
        author = issue.partner_id if request.env.user._is_public() else request.env.user.partner_id
        return request.redirect(issue.get_portal_url(query_string=f"&message={act(issue, author)}"))

    def _not_solved(self, issue, author, text):
        text = text.strip()[:MOST_CHARACTERS]
        if issue.state not in ("solved", "closed"):
            return "open"
        if not text:
            return "say_why"
        issue._reopen("portal", author, plaintext2html(text))
        issue.message_post(
            body=plaintext2html(text),
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return "reopened"

    def _solved(self, issue, author):
        if issue.state != "solved":
            return "open"
        issue._confirm("portal", author)
        return "confirmed"

    def _issues_on_portal(self):
        return request.env.company.sudo().sales_dept_issue_portal

    def _render_new(self, form):
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "issue",
                "form": form,
                "kinds": request.env["customer.issue"]._fields["kind"]._description_selection(request.env),
                "orders": self._orders_to_choose(),
            }
        )
        return request.render("sales_dept_roles.portal_new_issue", values)

    def _orders_to_choose(self):
        customer = request.env.user.partner_id.commercial_partner_id
        return (
            request.env["sale.order"]
            .sudo()
            .search([("partner_id", "child_of", customer.id), ("state", "=", "sale")], limit=100)
        )

    def _enter_issue(self, form, files):
        """Make the issue that the customer entered in `form`, as superuser; return it.

        :raises UserError: when something in it is missing, or cannot be
        """
        key = str(form.get("submission_key") or "")[:64]
        Issue = request.env["customer.issue"].sudo()
        partner = request.env.user.partner_id
        sent = Issue.search([("submission_key", "=", key)], limit=1) if key else Issue
        if sent and sent.partner_id.commercial_partner_id == partner.commercial_partner_id:
            return sent
        self._check_files(files)
        text = self._text(form, "description")
        issue = Issue.create(self._prepare_issue_values(form, partner))
        if key:
            issue._write_protected({"submission_key": key})
        issue.message_subscribe(partner.ids)
        issue.message_post(
            body=plaintext2html(text or issue.title),
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[(file.filename, file.read()) for file in files],
        )
        return issue

    def _prepare_issue_values(self, form, partner):
        kind, order_id = form.get("kind"), str(form.get("sale_order_id") or "")
        order = self._orders_to_choose().filtered(lambda order: str(order.id) == order_id)
        if kind not in dict(KINDS) or order_id and not order:
            raise UserError(request.env._("Choose what it is about, and one of your own orders or none."))
        title = self._text(form, "title")
        if not title:
            raise UserError(request.env._("Say in a few words what it is about."))
        return {
            "partner_id": partner.id,
            "company_id": (order.company_id or request.env.company).id,
            "channel": "portal",
            "kind": kind,
            "title": title[:250],
            "description": plaintext2html(self._text(form, "description")),
            "sale_order_id": order.id,
        }

    def _text(self, form, name):
        text = form.get(name)
        return text.strip()[:MOST_CHARACTERS] if isinstance(text, str) else ""

    def _check_files(self, files):
        sizes = []
        for file in files:
            sizes.append(file.seek(0, 2) or file.tell())
            file.seek(0)
        if len(files) > MOST_FILES or sum(sizes) > MOST_BYTES:
            raise UserError(
                request.env._(
                    "Attach up to %(files)s files, of %(size)s MB together. Send the rest as an answer afterwards.",
                    files=MOST_FILES,
                    size=MOST_BYTES // 1024 // 1024,
                )
            )
