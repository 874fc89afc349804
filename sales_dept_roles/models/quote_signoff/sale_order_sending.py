from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.tools import formatLang, get_lang
from odoo.tools.misc import babel_locale_parse


class SaleOrderSending(models.Model):
    """What a customer was given of a quotation, and when: values that stay, whatever becomes of the quotation.

    Rows are written by the quotation's own methods below, as superuser, and by nobody else.
    """

    _name = "sale.order.sending"
    _description = "Terms Given to a Customer"
    _order = "date desc, id desc"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    way = fields.Selection(
        [
            ("mail", "Mailed"),
            ("portal", "Opened on the Portal"),
            ("hand", "Marked as Sent"),
            ("print", "Printed"),
        ],
        required=True,
        readonly=True,
        help="What was printed has not reached the customer yet: that it was handed over is said by marking the "
        "quotation as sent.",
    )
    user_id = fields.Many2one("res.users", "By", readonly=True)
    amount_total = fields.Monetary("Amount", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    approval_id = fields.Many2one(
        "sales.approval",
        "Signed off By",
        readonly=True,
        index="btree_not_null",
        help="The signatures it was given with.",
    )
    digest = fields.Char(readonly=True, required=True, help="SHA-256 of the terms.")
    terms_key = fields.Char(readonly=True, help="In what form the terms were read: only what is alike is compared.")

    def _last(self):
        """The last of `self`; one made just now stands anywhere among those read before."""
        return self.sorted(lambda sending: (sending.date, sending.id))[-1:]

    # === FOR PEOPLE === #

    def _amount_text(self):
        return formatLang(self.env, self.amount_total, currency_obj=self.currency_id)

    def _day_text(self):
        """The day, as the reader writes it, where the company is."""
        day = self.company_id._local_day(self.date)
        skeleton = "MMMd" if day.year == self.company_id._local_today().year else "yMMMd"
        return format_skeleton(skeleton, day, locale=babel_locale_parse(get_lang(self.env).code))

    def _received_message(self):
        """What the customer has: these terms."""
        self.ensure_one()
        ways = dict(self._fields["way"]._description_selection(self.env))
        return self.env._("%(way)s on %(day)s: %(amount)s.", way=ways[self.way], **self._names())

    def _outdated_message(self):
        """What the customer has, where that is not what the quotation says now."""
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_total, self.order_id.quote_amount_total) or (
            self.currency_id != self.order_id.currency_id
        ):
            return self.env._("The customer last received %(amount)s on %(day)s: send it again.", **self._names())
        return self.env._(
            "The customer last received other terms on %(day)s, for the same %(amount)s: send it again.",
            **self._names(),
        )

    def _names(self):
        return {"amount": self._amount_text(), "day": self._day_text()}

    # === COMPARING === #

    @api.model
    def _received_ways(self):
        """The ways by which something reaches the customer."""
        return ["mail", "portal", "hand"]

    def _is_of_other_terms(self, terms):
        """Whether this was given with other terms than those of the order now.

        :param tuple terms: as of :meth:`.SaleOrder._terms_to_send`
        """
        self.ensure_one()
        _approval, digest, key = terms
        if key == self.terms_key:
            return digest != self.digest
        # Signed, or read, in another form since, as with another module: what the customer pays tells.
        order = self.order_id
        return self.currency_id != order.currency_id or bool(
            self.currency_id.compare_amounts(self.amount_total, order.quote_amount_total)
        )
