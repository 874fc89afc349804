from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .kpi_common import KpiCommon


@tagged("post_install", "-at_install")
class TestKpiOnScreen(KpiCommon):
    """A KPI without a program: leads that were won, of those of the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Lead = cls.env["crm.lead"]
        cls.leads = Lead.create(
            [
                {
                    "name": f"Lead {number}",
                    "type": "opportunity",
                    "user_id": user.id,
                    "date_deadline": day,
                    "priority": priority,
                    "company_id": cls.company.id,
                }
                for number, (user, day, priority) in enumerate(
                    (
                        (cls.manager1, "2026-03-01", "3"),
                        (cls.manager1, "2026-03-31", "0"),
                        (cls.manager1, "2026-04-01", "3"),
                        (cls.manager2, "2026-03-15", "3"),
                    )
                )
            ]
        )

    def _vals(self, model="crm.lead", day="date_deadline", person="user_id", **vals):
        def field(name):
            return self.env["ir.model.fields"]._get(model, name).id

        return {
            "name": "Hot leads",
            "model_id": self.env["ir.model"]._get_id(model),
            "date_field_id": field(day),
            "person_field_id": field(person),
            "part_domain": "[('priority', '=', '3')]",
            "threshold_ids": [Command.create({"date_from": "2026-01-01", "threshold": 50})],
            **{name: field(value) if name == "amount_field_id" else value for name, value in vals.items()},
        }

    def _kpi(self, user=None, **vals):
        return self.env["sales.kpi"].with_user(user or self.director).create(self._vals(**vals))

    def _of(self, kpi, user):
        month = self._compute("2026-03-01")
        return month.result_ids.filtered(lambda result: result.kpi_id.id == kpi.id and result.user_id == user)

    def test_share_of_documents_with_the_same_evidence(self):
        kpi = self._kpi()
        self.assertEqual(kpi.name, "Hot leads")
        mine = self._of(kpi, self.manager1)
        self.assertEqual((mine.numerator, mine.denominator, mine.value, mine.verdict), (1, 2, 50, "met"))
        self.assertEqual(sorted(mine.evidence_ids.mapped("name")), ["Lead 0", "Lead 1"])
        self.assertEqual(set(mine.evidence_ids.mapped("reason_text")), {"Met", "Counted"})
        for name in ("numerator", "denominator"):
            self.assertEqual(sum(mine.evidence_ids.mapped(name)), mine[name])
        opened = mine.evidence_ids[0].with_user(self.manager1).action_open_document()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("crm.lead", mine.evidence_ids[0].res_id))
        self.assertIn("Lead", str(kpi.explanation))

    def test_average_and_sum(self):
        self.leads[0].color, self.leads[1].color = 3, 6
        average = self._kpi(name="Average", measure="mean", amount_field_id="color", part_domain=False, unit="points")
        total = self._kpi(name="Sum", measure="total", amount_field_id="color", part_domain=False)
        self.assertEqual(self._of(average, self.manager1).value, 4.5)
        self.assertEqual(self._of(total, self.manager1).value, 9)

    def test_by_moments_the_day_is_the_companys(self):
        """B22: 31 March 16:30 UTC is 1 April in Shanghai."""
        for lead, moment in zip(self.leads, ("2026-03-31 15:59:59", "2026-03-31 16:30:00") * 2, strict=True):
            lead.date_open = moment
        kpi = self._kpi(day="date_open", part_domain=False, measure="total")
        mine = self._of(kpi, self.manager1)
        self.assertEqual(sorted(mine.evidence_ids.mapped("name")), ["Lead 0", "Lead 2"])
        self.assertEqual({str(day) for day in mine.evidence_ids.mapped("date")}, {"2026-03-31"})
        self.assertFalse(self._of(kpi, self.manager2))

    def test_it_counts_what_its_maker_may_read(self):
        """Nobody learns by a KPI what they could not look up themselves."""
        kpi = self._kpi()
        self.assertEqual(kpi.maker_id, self.director)
        self.assertTrue(self._of(kpi, self.manager1))
        self.director.group_ids = [Command.set(self.env.ref("sales_team.group_sale_salesman").ids)]
        self.assertFalse(self._of(kpi, self.manager1), "Leads of others are hidden from them now")
        self.assertFalse(self.env["sales.kpi"].with_user(self.manager1).has_access("create"))

    def test_nobody_else_is_named_as_its_maker(self):
        kpi = self._kpi(maker_id=self.gm.id)
        self.assertEqual(kpi.maker_id, self.director)
        kpi.with_user(self.gm).domain = "[('active', '=', True)]"
        self.assertEqual(kpi.maker_id, self.gm)
        kpi.with_user(self.director).write({"maker_id": self.gm2.id})
        self.assertEqual(kpi.maker_id, self.gm)

    def test_documents_that_the_maker_may_not_read(self):
        with self.assertRefused("You may not read", AccessError):
            self._kpi(model="ir.logging", day="create_date", person="create_uid", part_domain=False, measure="total")

    def test_currencies_do_not_add_up(self):
        """C4: 100 EUR and 100 USD are not 200."""
        with self.assertRefused("different currencies do not add up"):
            self._kpi(model="sale.order", day="date_order", amount_field_id="amount_total", measure="total")
        self._kpi(
            model="account.move",
            day="date",
            person="invoice_user_id",
            measure="total",
            part_domain=False,
            amount_field_id="amount_untaxed_signed",
            user=self.env.ref("base.user_admin"),
        )

    def test_what_it_needs(self):
        with mute_logger("odoo.sql_db"), self.assertRefused("share_of_what", IntegrityError):
            self._kpi(part_domain=False)
        with mute_logger("odoo.sql_db"), self.assertRefused("average_of_what", IntegrityError):
            self._kpi(measure="mean")
        with self.assertRefused("cannot be read", ValidationError):
            self._kpi(domain="[('no_such_field', '=', 1)]")
        with self.assertRaises(UserError):
            self._kpi(date_field_id=self.env["ir.model.fields"]._get("sale.order", "date_order").id)

    def test_locked_figures_keep_their_meaning(self):
        kpi = self._kpi()
        month = self._compute("2026-03-01")
        with freeze_time("2026-04-02"):
            month.with_user(self.director).action_lock()
        with self.assertRefused("would get another meaning"):
            kpi.with_user(self.director).domain = "[('priority', '=', '1')]"

    def test_one_query_whoever_has_documents(self):
        kpi = self._kpi()
        month = self._compute("2026-03-01")
        total = month.total_ids.filtered(lambda total: total.kpi_id.id == kpi.id)
        total._compute_figures()
        self.env.flush_all()
        counts = []
        for extra in (0, 10):
            self.env["crm.lead"].create(
                [
                    {**self.leads[0].copy_data()[0], "user_id": user.id, "name": f"More {number}"}
                    for number in range(extra)
                    for user in (self.manager2, self.gm)
                ]
            )
            total._compute_figures()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            total._compute_figures()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
