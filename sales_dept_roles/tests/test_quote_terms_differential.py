import base64
import io
import logging
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import is_html_empty, mute_logger

from .common import SalesDeptCommon

_logger = logging.getLogger(__name__)

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# What stands on the paper and is signed by nobody: who sells, when it was written, numbers and references, language.
NOT_TERMS = {
    "sale.order": {"name", "client_order_ref", "date_order", "user_id", "team_id"},
    "res.partner": {"lang"},
    "product.template": {"list_price"},
    "product.product": {"list_price", "lst_price"},
    "res.company": {"name"},
}

# Not tried, with the reason; whatever else cannot be changed must be refused to the person by rights or a rule.
NOT_TRIED = {
    ("sale.order", "state"): "goes its way by the gates, which have tests of their own",
    ("sale.order", "locked"): "a confirmed order's",
    ("sale.order", "company_id"): "another company has a policy of its own",
    ("sale.order", "signature"): "the customer's own",
    ("sale.order", "signed_by"): "the customer's own",
    ("sale.order", "signed_on"): "the customer's own",
    ("sale.order", "access_token"): "the address of the page, no text on it",
    ("sale.order", "website_id"): "a quotation that is the customer's cart has tests of its own",
    ("res.country", "vat_label"): "of the company's letterhead",
    ("ir.attachment", "access_token"): "the address of the file",
    ("product.document", "access_token"): "the address of the file",
    ("quotation.document", "access_token"): "the address of the file",
    ("product.template", "is_published"): "a link to the product's page in the shop, no text on the paper",
    ("product.template", "website_published"): "the same",
    ("product.product", "is_published"): "the same",
    ("product.product", "website_published"): "the same",
}
AUTOMATIC = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date", "parent_path"}


class _Undo(Exception):
    """Leaves a savepoint as if nothing had been written."""


class QuoteTermsCommon(SalesDeptCommon):
    """An order with everything on it that the customer's paper can show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        # Who keeps taxes, payment terms, units, products and what else orders point to.
        cls.keeper = new_test_user(
            cls.env,
            "keeper_test",
            "base.group_system,account.group_account_manager,sales_team.group_sale_manager,stock.group_stock_manager",
            email="keeper@company.example",
        )
        country, other_country = cls.env.ref("base.nl"), cls.env.ref("base.be")
        cls.company.partner_id.country_id = other_country
        state = cls.env["res.country.state"].create({"name": "Zeeland", "code": "ZZ", "country_id": country.id})
        address = {"country_id": country.id, "state_id": state.id, "zip": "4331", "city": "Middelburg"}
        cls.customer.write({**address, "street": "Main Street 1", "street2": "Yard", "vat": "NL123456782B90"})
        contact = {**address, "parent_id": cls.customer.id, "phone": "+31 118 123456"}
        Partner = cls.env["res.partner"]
        cls.invoiced = Partner.create(
            {**contact, "type": "invoice", "name": "Accounts", "street": "A 2", "email": "accounts@customer.example"}
        )
        cls.delivered = Partner.create({**contact, "type": "delivery", "name": "Gate 3", "street": "B 3"})
        cls.term = cls.env["account.payment.term"].create(
            {"name": "Thirty days", "note": "<p>Thirty days after the invoice</p>"}
        )
        cls.term.line_ids.nb_days = 30
        group = cls.env["account.tax.group"].create({"name": "Value added"})
        cls.tax = cls.env["account.tax"].create(
            {"name": "Tax thirteen", "invoice_label": "13 %", "amount": 13, "tax_group_id": group.id}
        )
        cls.position = cls.env["account.fiscal.position"].create({"name": "Abroad", "note": "<p>Reverse charge</p>"})
        cls.incoterm = cls.env.ref("account.incoterm_CIF")
        cls.unit = cls.env["uom.uom"].create(
            {"name": "Box", "relative_factor": 6, "relative_uom_id": cls.env.ref("uom.product_uom_unit").id}
        )
        cls.product.uom_id = cls.env["uom.uom"].create({"name": "Piece"})
        cls.document = cls.env["product.document"].create(
            {
                "name": "Drawing",
                "datas": base64.b64encode(b"drawing"),
                "attached_on_sale": "quotation",
                "res_model": "product.template",
                "res_id": cls.product.product_tmpl_id.id,
            }
        )
        line = {
            "product_id": cls.product.id,
            "product_uom_qty": 3,
            "product_uom_id": cls.unit.id,
            "price_unit": 100,
            "tax_ids": [Command.set(cls.tax.ids)],
        }
        cls.order = cls._create_quotation(
            user_id=cls.manager1.id,
            partner_invoice_id=cls.invoiced.id,
            partner_shipping_id=cls.delivered.id,
            payment_term_id=cls.term.id,
            fiscal_position_id=cls.position.id,
            note="<p>General terms</p>",
            client_order_ref="PO 7",
            commitment_date="2031-03-14 09:00:00",
            validity_date="2031-02-01",
            **({"incoterm": cls.incoterm.id, "incoterm_location": "Vlissingen"} if cls._has_incoterms() else {}),
            order_line=[
                Command.create({"display_type": "line_section", "name": "Scope of supply", "sequence": 1}),
                Command.create({**line, "name": "Shaft, ground", "sequence": 2, "discount": 5}),
                Command.create({"display_type": "line_note", "name": "10 years' warranty", "sequence": 3}),
                Command.create({"display_type": "line_subsection", "name": "Spare parts", "sequence": 4}),
                Command.create({**line, "name": "Bearing", "sequence": 5}),
                Command.create({"display_type": "line_section", "name": "Options", "sequence": 6}),
                Command.create({**line, "name": "Coating", "sequence": 7}),
            ],
        ).sudo()
        cls.shaft = cls.order.order_line[1]
        cls._add_of_neighbours()
        cls._sign(cls.order)

    @classmethod
    def _has_incoterms(cls):
        return "incoterm" in cls.env["sale.order"]._fields

    @classmethod
    def _add_of_neighbours(cls):
        """What optional modules print with the quotation."""
        if "carrier_id" in cls.order._fields:
            cls.order.carrier_id = cls.env["delivery.carrier"].create(
                {
                    "name": "Freight",
                    "carrier_description": "<p>By sea</p>",
                    "product_id": cls.env["product.product"].create({"name": "Freight", "type": "service"}).id,
                }
            )
        if "quotation_document_ids" in cls.order._fields:
            pdf = base64.b64encode(cls._blank_pdf())
            header = cls.env["quotation.document"].create({"name": "Cover.pdf", "datas": pdf})
            sheet = cls.env["product.document"].create(
                {
                    "name": "Sheet.pdf",
                    "datas": pdf,
                    "attached_on_sale": "inside",
                    "res_model": "product.template",
                    "res_id": cls.product.product_tmpl_id.id,
                }
            )
            cls.order.quotation_document_ids = header
            cls.shaft.product_document_ids = sheet
            cls.order.customizable_pdf_form_fields = '{"header": {}, "line": {}, "footer": {}}'

    @staticmethod
    def _blank_pdf():
        from odoo.tools.pdf import PdfFileWriter

        writer = PdfFileWriter()
        writer.addBlankPage(100, 100)
        content = io.BytesIO()
        writer.write(content)
        return content.getvalue()

    def setUp(self):
        super().setUp()
        self.assertFalse(self._is_held(), "signed as it stands")

    # === WHAT THE CUSTOMER GETS === #

    def _is_held(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return bool(self.order._quote_signoff_unreleased())

    def _paper(self):
        """What the customer reads and pays, as texts that can be compared."""
        self.env.flush_all()
        self.env.invalidate_all()
        order = self.order.with_context(lang="en_US")
        Report = self.env["ir.actions.report"].with_context(lang="en_US")
        papers = [
            Report._render_qweb_html(report, order.ids)[0].decode()
            for report in ("sale.action_report_saleorder", "sales_dept_roles.action_report_product_quotation")
        ]
        papers.append(
            str(
                self.env["ir.qweb"]
                .with_context(lang="en_US")
                ._render("sale.sale_order_portal_content", self._portal_values(order))
            )
        )
        papers.append(f"{order.amount_untaxed} {order.amount_tax} {order.amount_total}")
        papers += self._enclosures(order)
        return papers

    def _portal_values(self, order):
        return {
            "sale_order": order,
            "product_documents": order._get_product_documents(),
            "report_type": "html",
            "portal_confirmation": "sign",
            "is_html_empty": is_html_empty,
        }

    def _enclosures(self, order):
        """Files that go out in the same PDF, in their order, with the texts filled into them."""
        files = [document.datas for document in order._get_product_documents()]
        if "quotation_document_ids" in order._fields:
            documents = order.quotation_document_ids
            files += [(document.document_type, document.datas) for document in documents]
            files += [document.datas for line in order.order_line for document in line.product_document_ids]
            files.append(order.customizable_pdf_form_fields)
        return files

    # === WHAT IT IS MADE FROM === #

    def _sources(self):
        """The records whose fields are tried: ``[(record, who keeps them)]``."""
        order = self.order
        partners = order.partner_id | order.partner_invoice_id | order.partner_shipping_id
        tax = self.tax
        sources = [order, *order.order_line, *partners]
        kept = [
            partners.state_id,
            partners.country_id,
            self.term,
            self.term.line_ids,
            self.position,
            tax,
            tax.tax_group_id,
            tax.invoice_repartition_line_ids,
            self.product,
            self.product.product_tmpl_id,
            self.product.uom_id,
            self.unit,
            order.currency_id,
            self.document,
            self.document.ir_attachment_id,
        ]
        if self._has_incoterms():
            kept.append(self.incoterm)
        if "carrier_id" in order._fields:
            kept.append(order.carrier_id)
        if "quotation_document_ids" in order._fields:
            kept += [order.quotation_document_ids, order.quotation_document_ids.ir_attachment_id]
            kept.append(self.shaft.product_document_ids)
        return [(record, self.manager1) for record in sources] + [
            (record, self.keeper) for records in kept for record in records
        ]

    def _other_values(self, record, field):
        """Yield values of `field` that differ from the one that `record` has."""
        value = record[field.name]
        if field.type in ("char", "text"):
            yield f"{value or ''} other".strip()
            yield "7"
            yield "other@customer.example"
        elif field.type == "html":
            yield "<p>Something else</p>"
        elif field.type == "boolean":
            yield not value
        elif field.type in ("integer", "many2one_reference"):
            yield (value or 0) + 1
        elif field.type in ("float", "monetary"):
            yield (value or 0.0) + 1
            yield (value or 0.0) / 2
        elif field.type == "date":
            yield (value or fields.Date.today()) + timedelta(days=3)
        elif field.type == "datetime":
            yield (value or fields.Datetime.now()) + timedelta(days=3)
        elif field.type == "selection":
            yield from [key for key in field.get_values(self.env) if key != value][:4]
        elif field.type == "many2one":
            others = self.env[field.comodel_name].sudo().search([("id", "!=", value.id)], limit=2)
            yield from [*others.ids, False]
        elif field.type == "many2many":
            others = self.env[field.comodel_name].sudo().search([("id", "not in", value.ids)], limit=1)
            yield [Command.clear()] if value else [Command.link(others.id)]
            yield [Command.link(others.id)]
        elif field.type in ("binary", "image"):
            yield PIXEL.decode()
        elif field.type == "json":
            # As the tax engine writes it, where it is read.
            yield {
                "price_unit": 1.0,
                "discount": 5.0,
                "quantity": 3.0,
                "currency_id": self.order.currency_id.id,
                "rate": 1.0,
                "manual_tax_amounts": {str(self.tax.id): {"tax_amount_currency": 0.0, "base_amount_currency": 3.0}},
            }
            yield '{"header": {"1": {}}, "line": {}, "footer": {}}'

    def _fields_to_try(self, record):
        for name, field in sorted(record._fields.items()):
            if (
                name not in AUTOMATIC
                and (record._name, name) not in NOT_TRIED
                and (field.store or field.inverse)
                # Lines are tried by their own fields.
                and field.type not in ("one2many", "properties", "properties_definition", "reference")
                and not (field.related and not field.inverse)
            ):
                yield field


@tagged("post_install", "-at_install")
class TestQuoteTermsDifferential(QuoteTermsCommon):
    """Whatever changes the customer's paper, or what is paid, makes the signature lapse.

    Each field in the registry is tried, of the order, its lines and the master data behind them, also of modules that
    this addon does not know.
    """

    fields_at_least = 450

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models.unlink", "odoo.tools.translate")
    def test_whatever_changes_the_paper(self):
        before = self._paper()
        self.assertEqual(before, self._paper(), "the paper itself is the same each time")
        tried, lapsed, unchanged, refused, missed, group = [], [], [], {}, [], []

        def close_group():
            """Look whether what stands in `group` changed nothing together; else find out which one did."""
            if not group:
                return
            attempts = [attempt for attempt in group]
            group.clear()
            if not self._changes_paper(attempts, before):
                return
            for attempt in attempts:
                if self._changes_paper([attempt], before):
                    missed.append(self._name_of(attempt))

        for record, user in self._sources():
            for field in self._fields_to_try(record):
                if field.name in NOT_TERMS.get(record._name, ()):
                    continue
                value, is_held = self._try(record, field, user)
                attempt = (record, field.name, value, user)
                if is_held is None:
                    # Here the reason stands in the place of the value.
                    refused.setdefault(value, []).append(self._name_of(attempt))
                    continue
                tried.append(self._name_of(attempt))
                if is_held:
                    lapsed.append(self._name_of(attempt))
                    continue
                unchanged.append(self._name_of(attempt))
                group.append(attempt)
                if len(group) == 40:
                    close_group()
        close_group()
        _logger.info(
            "Quotation terms: %s fields tried, %s of them lapse, %s do not change the paper, %s could not be written",
            len(tried),
            len(lapsed),
            len(unchanged),
            sum(map(len, refused.values())),
        )
        for reason, names in refused.items():
            _logger.info("Quotation terms, not written (%s): %s", reason, ", ".join(names))
        self.assertFalse(missed, "changes the customer's paper while the signature stands")
        self.assertGreater(len(tried), self.fields_at_least)
        self.assertGreater(len(lapsed), 60)

    def _name_of(self, attempt):
        record, name, _value, _user = attempt
        return f"{record._name}({record.id}).{name}"

    def _try(self, record, field, user):
        """Return ``((value, who wrote it), whether the order is held then)``.

        Where no value can be written, or writing it changes nothing, ``(reason, None)``.
        """
        reason = "no other value"
        for value in self._other_values(record, field):
            # What a seller may not write, the one who keeps what orders point to perhaps may.
            for writer in dict.fromkeys((user, self.keeper)):
                is_held = None
                before = record[field.name]
                try:
                    with suppress(_Undo), self.env.cr.savepoint():
                        record.with_user(writer).write({field.name: value})
                        is_held = self._is_held()
                        if record[field.name] == before:
                            reason, is_held = "computed again", None
                        raise _Undo
                except Exception as error:
                    # Whatever refuses it: it was not written.
                    reason, is_held = type(error).__name__, None
                self.env.invalidate_all(flush=False)
                if is_held is not None:
                    return (value, writer), is_held
        return reason, None

    def _changes_paper(self, attempts, before):
        """Whether the customer's paper differs after all of `attempts` were written."""
        now = before
        with suppress(_Undo), self.env.cr.savepoint():
            for record, name, (value, writer), _user in attempts:
                try:
                    with self.env.cr.savepoint():
                        record.with_user(writer).write({name: value})
                        self.env.flush_all()
                except Exception as error:
                    # Beside the others it cannot be written.
                    _logger.debug("%s.%s: %s", record._name, name, error)
            now = self._paper()
            raise _Undo
        self.env.invalidate_all(flush=False)
        return now != before

    def test_what_is_no_term(self):
        """The signature stands though the paper may read differently: nobody signed that."""
        count = 0
        records = [self.order, self.customer, self.product.product_tmpl_id, self.product, self.company]
        for record in records:
            for name in sorted(NOT_TERMS[record._name]):
                field = record._fields[name]
                with self.subTest(field=f"{record._name}.{name}"):
                    user = self.manager1 if record._name in ("sale.order", "res.partner") else self.keeper
                    _value, is_held = self._try(record, field, user)
                    self.assertIs(is_held, False)
                    count += 1
        self.assertGreater(count, 7)


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestQuoteTermsDifferentialWide(TestQuoteTermsDifferential):
    """The same beside the web shop, the PDF builder, loyalty programs and other neighbours."""

    # Odoo leaves them out by default.
    allow_inherited_tests_method = True
    fields_at_least = 600

    def test_neighbours_are_there(self):
        self.assertIn("quotation_document_ids", self.order._fields)
        self.assertIn("website_id", self.order._fields)
        self.assertTrue(self.order.quotation_document_ids and self.shaft.product_document_ids)


@tagged("post_install", "-at_install")
class TestQuoteTerms(QuoteTermsCommon):
    """The smallest inputs by which a price, a name or a promise left the house unsigned."""

    def assertLapsed(self):
        self.assertTrue(self._is_held())
        with self.assertRefused("was changed after"):
            self.order.with_user(self.manager1).action_confirm()
        with self.assertRefused("was changed after"):
            self.order.with_user(self.manager1).action_quotation_send()
        self.assertFalse(self.order._approval_standing())

    def test_tax_engines_own_data(self):
        line = self.order.order_line.filtered(lambda line: line.name == "Bearing").with_user(self.manager1)
        self.assertEqual(line.price_subtotal, 300)
        line.extra_tax_data = {
            "price_unit": 1.0,
            "discount": 0.0,
            "quantity": 3.0,
            "currency_id": line.currency_id.id,
            "rate": 1.0,
            "manual_tax_amounts": {str(self.tax.id): {"tax_amount_currency": 0.0, "base_amount_currency": 3.0}},
        }
        self.assertLapsed()

    def test_customer_renamed(self):
        self.customer.with_user(self.manager1).name = "Quite Another Ltd"
        self.assertLapsed()
        approval = self.order.approval_ids
        self.assertIn("Test Customer Ltd", approval.terms_text)
        self.assertNotIn("Quite Another Ltd", approval.terms_text, "what was signed is what was read")
        self.assertIn(("Customer › Name", "Test Customer Ltd", "Quite Another Ltd"), approval._diff())
        self.customer.name = "Test Customer Ltd"
        self.assertFalse(self._is_held(), "undone")

    def test_payment_term_lengthened(self):
        self.term.line_ids.with_user(self.keeper).nb_days = 120
        self.assertLapsed()
        self.assertIn("30", self.order.approval_ids.terms_text)
        self.assertNotIn("120", self.order.approval_ids.terms_text)

    def test_tax_raised(self):
        self.tax.with_user(self.keeper).amount = 50
        self.assertLapsed()

    def test_note_moved(self):
        note = self.order.order_line.filtered(lambda line: line.display_type == "line_note")
        note.with_user(self.manager1).sequence = 8
        self.assertLapsed()

    def test_down_payment_flag(self):
        with self.assertRefused("cannot be set", AccessError):
            self.shaft.with_user(self.manager1).is_downpayment = True
        self.shaft.sudo().is_downpayment = True
        self.assertNotIn("Shaft, ground", self._paper()[0])
        self.assertLapsed()

    def test_deleted_master_data_stays_in_what_was_signed(self):
        self.order.with_user(self.manager1).payment_term_id = False
        self.term.unlink()
        self.incoterm.sudo().write({"name": "Something Else"})
        text = self.order.approval_ids.terms_text
        self.assertIn("Thirty days", text)
        self.assertNotIn("deleted", text)

    def test_language_of_the_reader(self):
        """Texts are compared in the customer's language, whoever asks."""
        self.term.with_context(lang="fr_FR").name = "Trente jours"
        order = self.order.with_context(lang="fr_FR")
        self.assertFalse(order._quote_signoff_unreleased())
        self.assertIn("Thirty days", order.approval_ids.terms_text)
        french = self._create_quotation(payment_term_id=self.term.id)
        self.customer.lang = "fr_FR"
        self.assertFalse(self._is_held(), "the language is no term")
        self._sign(french)
        self.assertIn("Trente jours", french.approval_ids.terms_text)
        self.term.with_context(lang="fr_FR").name = "Cent vingt jours"
        self.assertTrue(french._quote_signoff_unreleased(), "that is what the customer reads")
        self.assertFalse(self._is_held(), "that is not what was signed here")

    def test_released_by_rule_carries_no_signature(self):
        self.company.sales_dept_quote_signoff = "rule"
        self.flow.domain = "[('order_line.discount', '>', 10)]"
        order = self._create_quotation()
        order.order_line.discount = 15
        self.assertTrue(order._quote_signoff_unreleased())
        self._sign(order)
        self.assertFalse(order._quote_signoff_unreleased())
        role = self.flow.step_ids.group_id.name
        paper = self._quotation_paper(order)
        self.assertIn(self.gm.name, paper)
        self.assertIn(role, paper)
        self.assertIn("Signed terms", paper)
        order.order_line.write({"discount": 5, "price_unit": 60})
        self.assertFalse(order._quote_signoff_unreleased(), "no rule asks for it now")
        paper = self._quotation_paper(order)
        self.assertNotIn(self.gm.name, paper)
        self.assertNotIn(role, paper)
        self.assertNotIn("Signed terms", paper)
        with patch.object(
            self.registry["sale.order"], "_approval_standing", lambda self: self.sudo()._approval_in_force()
        ):
            self.assertIn("Signed terms", self._quotation_paper(order), "nothing else keeps it off the paper")

    def _quotation_paper(self, order):
        Report = self.env["ir.actions.report"]
        return Report._render_qweb_html("sales_dept_roles.action_report_product_quotation", order.ids)[0].decode()

    def test_names_as_they_were(self):
        approval = self.order.approval_ids
        self.gm.name = "Married Now"
        self.manager1.name = "Left Us"
        self.flow.step_ids.group_id.name = "Chief"
        paper = self._quotation_paper(self.order)
        self.assertIn("gm_test", approval.decision_ids.display_name)
        self.assertIn("gm_test", paper)
        self.assertIn("General Manager", paper)
        for name in ("Married Now", "Chief"):
            self.assertNotIn(name, paper)
        self.assertIn("manager1_test", approval.requester_name)

    def test_product_renamed_is_no_change(self):
        """The paper says what the line says."""
        self.product.with_user(self.keeper).name = "Renamed"
        self.assertFalse(self._is_held())

    def test_promise_of_the_departments_is_no_change(self):
        self.shaft.sudo()._write_protected({"promised_date": "2031-04-01"})
        self.order._apply_promised_dates()
        self.assertEqual(self.order.commitment_date.date().isoformat(), "2031-04-01")
        self.assertFalse(self._is_held())
        self.order.with_user(self.manager1).commitment_date = "2031-05-01 09:00:00"
        self.assertTrue(self._is_held())

    def test_counterfactual(self):
        """Each of these is missed where it is taken out of the terms: nothing else notices it."""
        SaleOrder = self.registry["sale.order"]
        spec = SaleOrder._approval_spec
        for name, change in (
            ("partner_id", lambda order: self.customer.write({"street2": "Other Yard"})),
            ("payment_term_id", lambda order: self.term.line_ids.write({"nb_days": 120})),
            ("quote_delivery_date", lambda order: order.write({"commitment_date": "2032-01-01"})),
        ):

            def without(records, name=name):
                return {key: rule for key, rule in spec(records).items() if key != name}

            order = self._create_quotation(
                partner_invoice_id=self.delivered.id,
                partner_shipping_id=self.delivered.id,
                payment_term_id=self.term.id,
            )
            with self.subTest(field=name), patch.object(SaleOrder, "_approval_spec", without):
                self._sign(order)
                change(order)
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertFalse(order._quote_signoff_unreleased())
