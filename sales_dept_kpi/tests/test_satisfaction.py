from datetime import date, timedelta

from freezegun import freeze_time
from openpyxl import load_workbook
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .satisfaction_common import SUBJECTS, SatisfactionCommon


@tagged("post_install", "-at_install")
class TestSatisfaction(SatisfactionCommon):
    """What counts of an answer, for whom, and what stays as it is."""

    # === SCORES === #

    def test_scores(self):
        answer = self._as(self.manager1, self._answered(5, 4, 3, 2, 1))
        self.assertEqual(answer.score_ids.sorted("id").mapped("score"), [100, 75, 50, 25, 0])
        self.assertEqual(answer.score_ids.sorted("id").mapped("subject"), list(SUBJECTS))
        self.assertEqual(answer.score, 50)
        self.assertEqual(answer.top_count, 2)
        self.assertEqual(answer.top_share, 40)
        self.assertEqual(answer.user_id, self.manager1)
        self.assertEqual(answer.partner_id, self.customer)
        # Below 60 by the company's default.
        self.assertEqual(answer.low_count, 3)

    def test_another_scale(self):
        """Of 0 to 10 each step is ten points; of 1 to 4 the steps are thirds, and whole points stay whole."""
        self._question("quotation").write({"scale_min": 0, "scale_max": 10})
        self._question("quality").write({"scale_min": 0, "scale_max": 3})
        self._question("technical").write({"scale_min": 0, "scale_max": 3})
        self._question("delivery").write({"scale_min": 0, "scale_max": 3})
        answer = self.Answer.browse(self._answered(0, 1, 1, 1, None).ids)
        self.assertEqual(answer.score, 25)
        thirds = self.Answer.browse(self._answered(None, 2, 3, 2, contact=self.inspector).ids)
        self.assertAlmostEqual(thirds.score, 700 / 9, places=8)

    def test_questions_not_answered(self):
        """Two of five answered: the mean is of two; nothing but a remark is no score, and no nought."""
        answer = self.Answer.browse(self._answered(5, None, 4).ids)
        self.assertEqual((answer.score, answer.scale_count), (87.5, 2))
        silent = self.Answer.browse(self._answered(remarks={"quality": "Nothing to say"}).ids)
        self.assertFalse(silent.has_score)
        self.assertEqual(silent.answered_count, 1)
        self.assertEqual(silent.remarks, "Quality: Nothing to say")

    def test_untriggered_question(self):
        """B19: a question that was not shown is not counted: answered 2 of 2 shown is 100 %."""
        trigger = self.env["survey.question"].create(
            {
                "survey_id": self.survey.id,
                "title": "Did you need technical support?",
                "question_type": "simple_choice",
                "sequence": 1,
                "suggested_answer_ids": [Command.create({"value": "Yes"}), Command.create({"value": "No"})],
            }
        )
        yes, no = trigger.suggested_answer_ids
        for subject in SUBJECTS[1:4]:
            self._question(subject).triggering_answer_ids = yes
        invited = self._invite()
        invited._save_lines(trigger, no.id)
        # What a program sends beside the survey's page.
        self._fill(invited, 5, 1, 1, 1, 5)
        self._finish(invited)
        answer = self.Answer.browse(invited.ids)
        self.assertEqual((answer.score, answer.scale_count), (100, 2))
        shown = self._invite(self.inspector)
        shown._save_lines(trigger, yes.id)
        answer = self.Answer.browse(self._finish(self._fill(shown, 5, 1, 1, 1, 5)).ids)
        self.assertEqual((answer.score, answer.scale_count), (40, 5))

    def test_only_who_was_asked(self):
        """Neither tests, nor answers under way, nor those of people whom nobody asked."""
        self.survey.access_mode = "public"
        for values in ({"test_entry": True, "user": self.env.user}, {"email": "anybody@example.com"}):
            stranger = self.survey._create_answer(**values)
            self._finish(self._fill(stranger, 5, 5, 5, 5, 5))
        begun = self._fill(self._invite(), 5, 5)
        begun._mark_in_progress()
        self.assertFalse(self.Score.search([("company_id", "=", self.company.id)]))
        self.assertEqual(self.Answer.search([("company_id", "=", self.company.id)]).ids, begun.ids)
        self._finish(begun)
        self.assertEqual(len(self.Score.search([("answer_id", "=", begun.id)])), 2)

    def test_response_rate(self):
        """Sent, answered and the share of a group are its sums, whatever it is grouped by."""
        self._answered(5, 5, 5, 5, 5)
        self._answered(1, 1, contact=self.inspector)
        for partner in (self.customer, self.env["res.partner"].create({"name": "X", "email": "x@example.com"})):
            self._invite(partner)
        ((sent, answered, rate, score, top),) = self.Answer._read_group(
            [("company_id", "=", self.company.id)],
            [],
            ["sent_count:sum", "answered_count:sum", "response_rate:avg", "score:avg", "top_share:avg"],
        )
        self.assertEqual((sent, answered, float(rate), float(score)), (4, 2, 50, 50))
        self.assertAlmostEqual(float(top), 500 / 7)

    def test_answers_expire(self):
        invited = self._invite()
        answer = self.Answer.browse(invited.ids)
        self.assertEqual(answer.state, "waiting")
        with freeze_time(invited.deadline + timedelta(minutes=1)):
            answer.invalidate_recordset()
            self.assertEqual(answer.state, "expired")

    def test_day_of_the_company(self):
        """1 April 00:30 in Shanghai is April."""
        invited = self._answered(5, moment="2026-03-31 16:30:00")
        self.assertEqual(self.Answer.browse(invited.ids).answered_date, date(2026, 4, 1))

    # === WHAT STAYS === #

    def test_answer_stays(self):
        """Whoever it counts for, and whatever other rights they have: what a customer answered stays as it is."""
        invited = self._answered(1, 1, 1, 1, 1)
        self.manager1.group_ids += self.env.ref("survey.group_survey_manager")
        own = invited.with_user(self.manager1)
        with self.assertRefused("the answer counts", AccessError):
            own.user_input_line_ids[0].write({"value_scale": 5})
        with self.assertRefused("the answer counts", AccessError):
            own.user_input_line_ids.unlink()
        with self.assertRefused("the answer counts", AccessError):
            own.user_input_line_ids[0].copy()
        with self.assertRefused("the answer counts", AccessError):
            own.write({"state": "new"})
        with self.assertRefused("the answer counts", AccessError):
            own.write({"test_entry": True})
        with self.assertRefused("the answer counts", AccessError):
            own.unlink()
        with self.assertRefused("set by hand", AccessError):
            own.write({"sales_dept_user_id": self.manager2.id})
        with self.assertRefused("Archive it"):
            self.survey.with_user(self.manager1).unlink()
        with self.assertRefused("something else"):
            self._question("quality").with_user(self.manager1).write({"scale_max": 1})
        with self.assertRefused("something else"):
            self._question("quality").with_user(self.manager1).unlink()
        self.assertEqual(self.Answer.browse(invited.ids).score, 0)

    def test_other_surveys_change(self):
        """The counterpart: nothing of this holds for answers that count for nobody, or are not given yet."""
        self.manager1.group_ids += self.env.ref("survey.group_survey_manager")
        invited = self._fill(self._invite(), 1)
        invited.with_user(self.manager1).user_input_line_ids.write({"value_scale": 5})
        self._question("quality").with_user(self.manager1).write({"scale_max": 10})
        stranger = self.survey._create_answer(email="anybody@example.com", check_attempts=False)
        self._finish(self._fill(stranger, 5))
        stranger.with_user(self.manager1).user_input_line_ids.write({"value_scale": 1})
        stranger.with_user(self.manager1).unlink()
        invited.with_user(self.manager1).unlink()

    def test_nobody_makes_invitations_that_count(self):
        self.manager1.group_ids += self.env.ref("survey.group_survey_manager")
        given = self.Input.with_user(self.manager1).create({"survey_id": self.survey.id})
        self.assertFalse(given.sales_dept_partner_id)
        with self.assertRefused("set by hand", AccessError):
            self.Input.with_user(self.manager1).create(
                {"survey_id": self.survey.id, "sales_dept_partner_id": self.customer.id}
            )
        sneaked = (
            self.Input.with_user(self.manager1)
            .with_context(default_sales_dept_partner_id=self.customer.id)
            .create({"survey_id": self.survey.id})
        )
        self.assertFalse(sneaked.sales_dept_partner_id)

    # === WHO IS NOT SATISFIED === #

    def _issues(self, invited):
        return self.env["customer.issue"].search([("satisfaction_input_id", "in", invited.ids)])

    def test_low_score_opens_an_issue(self):
        order = self._create_quotation(self.manager1)
        invited = self._answered(5, 4, 1, 3, 4, order=order, remarks={"quality": "Burrs <b>on</b> twelve"})
        issues = self._issues(invited).sorted("kind")
        self.assertEqual(issues.mapped("kind"), ["delivery", "quality"])
        quality = issues[1].with_user(self.manager1)
        self.assertEqual(
            (quality.channel, quality.partner_id, quality.user_id, quality.sale_order_id, quality.state),
            ("survey", self.buyer, self.manager1, order, "new"),
        )
        self.assertIn("Quality: 0 of 100", quality.title)
        self.assertIn("Burrs &lt;b&gt;on&lt;/b&gt; twelve", quality.description)
        self.assertEqual(quality.action_open_satisfaction()["res_id"], invited.id)
        answer = self._as(self.manager1, invited)
        self.assertEqual(answer.issue_count, 2)
        self.assertEqual(self.env["customer.issue"].search(answer.action_open_issues()["domain"]), issues)

    def test_limits(self):
        """Below the limit of the subject, not at it; 0 opens none."""
        self.company.write(
            {
                "sales_dept_satisfaction_limit_quotation": 50,
                "sales_dept_satisfaction_limit_technical": 51,
                "sales_dept_satisfaction_limit_quality": 0,
            }
        )
        self.assertEqual(self._issues(self._answered(3, 3, 1)).mapped("kind"), ["technical"])

    def test_issue_once(self):
        """Two questions about a subject open one issue, about the worse; done again, none."""
        first = self._question("quality")
        second = first.copy()
        invited = self._invite()
        invited._save_lines(first, "2")
        invited._save_lines(second, "1")
        self._finish(invited)
        self.assertIn("0 of 100", self._issues(invited).title)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            invited._open_issues()
        with self.assertRefused("set by hand", AccessError):
            self._issues(invited).with_user(self.director).write({"satisfaction_subject": "quotation"})

    def test_issue_of_who_left(self):
        """An answer is never lost because its account manager is gone."""
        invited = self._fill(self._invite(), 1)
        self.customer.user_id = self.manager2
        self.manager1.active = False
        self.assertEqual(self._issues(self._finish(invited)).user_id, self.manager2)

    # === WHO SEES THEM === #

    def test_rights(self):
        invited = self._answered(5)
        for user in (self.manager1, self.assistant, self.director, self.gm):
            answer = self._as(user, invited)
            self.assertEqual(answer.score, 100)
            self.assertEqual(answer.score_ids.question, self._question("quotation").title)
        for user in (self.finance, self.engineering, self.outsider, self.portal_user):
            with self.assertRaises(AccessError):
                self._as(user, invited).read(["score"])
        with self.assertRaises(AccessError):
            self._as(self.manager2, invited).read(["score"])
        self.assertFalse(self.Score.with_user(self.manager2).search([]))
        # The customer changed hands: who looks after it now sees what was answered, who it counts for too.
        self.customer.user_id = self.manager2
        self.assertEqual(self._as(self.manager2, invited).score, 100)
        self.assertEqual(self._as(self.manager2, invited).user_id, self.manager1)
        self.assertEqual(self._as(self.manager1, invited).score, 100)
        with self.assertRaises(AccessError):
            self.Input.with_user(self.director).browse(invited.id).read(["access_token"])

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        invited = self._answered(5, company=other)
        with self.assertRaises(AccessError):
            self._as(self.gm, invited).read(["score"])

    def test_queries(self):
        """As many for two as for twenty."""
        invited = self.Input
        for number in range(20):
            contact = self.env["res.partner"].create({"name": f"C{number}", "email": f"c{number}@example.com"})
            invited |= self._answered(4, 3, contact=contact, remarks={"quality": "Fine"})

        def ask(answers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answers.mapped("remarks")
            answers.mapped("score_ids.score")
            return self.env.cr.sql_log_count - before

        ask(self.Answer.browse(invited.ids))
        self.assertEqual(ask(self.Answer.browse(invited.ids[:10])), ask(self.Answer.browse(invited.ids)))

    # === PAPER === #

    def _enter(self, user, invited, values):
        wizard = (
            self.env["sales.satisfaction.enter"].with_user(user).with_context(default_answer_id=invited.id).create({})
        )
        scales = wizard.line_ids.filtered("hint")
        for line, value in zip(scales, values, strict=False):
            line.value = value
        return wizard

    def test_paper_answer(self):
        invited = self._invite()
        with self.assertRefused("counts for you", AccessError):
            self._as(self.manager1, invited).action_enter_paper()
        with self.assertRefused("counts for you", AccessError):
            self._enter(self.manager1, invited, ["5"]).action_enter()
        wizard = self._enter(self.assistant, invited, ["5", " 4 ", "", "3"])
        wizard.scan = b"aGVsbG8="
        wizard.action_enter()
        answer = self._as(self.assistant, invited)
        self.assertEqual((answer.score, answer.scale_count), (75, 3))
        self.assertEqual((answer.channel, answer.entered_by_id), ("paper", self.assistant))
        self.assertEqual(self._as(self.manager1, invited).scan_ids.raw, b"hello")
        with self.assertRaises(AccessError):
            self._as(self.manager1, invited).scan_ids.write({"raw": b"other"})
        with self.assertRefused("answered already"):
            self._enter(self.assistant, invited, ["1"]).action_enter()

    def test_paper_answer_bad(self):
        for value in ("6", "0", "-1", "4.5", "good", "４５"):
            with self.assertRefused("not on the scale. Enter a whole number from 1 to 5"):
                self._enter(self.assistant, self._invite(), [value]).action_enter()
        with self.assertRefused("at least one answer"):
            self._enter(self.assistant, self._invite(), []).action_enter()

    def test_register(self):
        """Values as text; where there is no score the cell is empty, and not nought."""
        self._answered(5, 4, remarks={"quality": "=1+1"})
        self._invite(self.inspector)
        sheet = load_workbook(self.Answer.with_user(self.manager1).search([])._register_file()).active
        *head, _empty, heading, first, second = sheet.iter_rows(values_only=True)
        rows = [first, second]
        self.assertEqual([label for label, *_texts in head], ["Company", "Period", "As Of"])
        score, remarks = heading.index("Score (0–100)"), heading.index("Remarks")
        self.assertEqual({(row[score], row[remarks]) for row in rows}, {(87.5, "Quality: =1+1"), (None, "")})

    def test_printed_form(self):
        blank, answered = self._invite(), self._answered(4, remarks={"quality": "Burrs on the edges"})
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.manager1)
            ._render_qweb_html("sales_dept_kpi.report_satisfaction", (blank | answered).ids)
        )
        text = html.decode()
        self.assertEqual(text.count("■"), 1)
        self.assertEqual(text.count("□"), 49)
        self.assertIn("Burrs on the edges", text)


@tagged("post_install", "-at_install")
class TestSatisfactionAsking(SatisfactionCommon):
    """Who is asked, by whom, how often, and who does not want to be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Sending = cls.env["sales.satisfaction.sending"]
        cls.other = cls.env["res.partner"].create(
            {"name": "Other Customer", "is_company": True, "email": "other@example.com", "user_id": cls.manager2.id}
        )
        cls.goods = cls.env["product.product"].create({"name": "Shaft", "type": "consu"})

    @classmethod
    def _deliver(cls, partner=None, days_ago=7, **order):
        """A delivery that left so many days ago."""
        sale = cls._create_quotation(
            cls.director,
            partner_id=(partner or cls.customer).id,
            user_id=cls.manager1.id,
            order_line=[Command.create({"product_id": cls.goods.id, "product_uom_qty": 1, "price_unit": 1})],
            **order,
        )
        sale.sudo().action_confirm()
        picking = sale.sudo().picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking._action_done()
        picking.date_done -= timedelta(days=days_ago)
        return picking

    def _mails(self):
        return self.env["mail.mail"].search([("subject", "like", "How satisfied")])

    def _asked(self):
        return self.Answer.search([("company_id", "=", self.company.id)])

    def test_off_by_default(self):
        self.assertEqual(self.env["res.company"].create({"name": "New"}).sales_dept_satisfaction_sending, "off")
        self._deliver()
        self.Sending._cron_send()
        self.assertFalse(self._asked())

    def test_after_deliveries(self):
        self.company.sales_dept_satisfaction_sending = "delivery"
        early, late = self._deliver(days_ago=6), self._deliver(self.other, days_ago=60)
        due = self._deliver(self.other, days_ago=7)
        self.Sending._cron_send()
        asked = self._asked()
        self.assertEqual(asked.picking_id, due)
        self.assertEqual(asked.order_id, due.sale_id)
        self.assertEqual(asked.contact_id, self.other)
        # Who sold it, not who looks after the customer.
        self.assertEqual(asked.user_id, self.manager1)
        self.assertFalse(asked.picking_id & (early | late))
        self.Sending._cron_send()
        self.assertEqual(self._asked(), asked)
        mail = self._mails()
        self.assertEqual(mail.recipient_ids, self.other)
        self.assertIn(self.manager1.email, mail.email_from)
        self.assertIn("/satisfaction/stop/", mail.body_html)

    def test_delivered_to_somebody_else(self):
        """Who ordered is asked, not whoever the goods were sent to; what she says opens an issue of her order."""
        self.company.sales_dept_satisfaction_sending = "delivery"
        picking = self._deliver(partner_shipping_id=self.other.id)
        self.Sending._cron_send()
        asked = self._asked()
        self.assertEqual((asked.partner_id, asked.contact_id), (self.customer, self.buyer))
        invited = self._finish(self._fill(self.Input.browse(asked.id), 1))
        issue = self.env["customer.issue"].search([("satisfaction_input_id", "=", invited.id)])
        self.assertEqual(issue.sale_order_id, picking.sale_id)

    def test_several_deliveries_one_mail(self):
        self.company.sales_dept_satisfaction_sending = "delivery"
        self._deliver(days_ago=8), self._deliver(days_ago=7)
        self.Sending._cron_send()
        self.assertEqual(len(self._asked()), 1)

    def test_each_quarter(self):
        self.company.sales_dept_satisfaction_sending = "quarter"
        with freeze_time("2026-04-02 01:00:00"):
            self._deliver(days_ago=10), self._deliver(days_ago=20), self._deliver(self.other, days_ago=120)
            self.Sending._cron_send()
            asked = self._asked()
            self.assertEqual(asked.partner_id, self.customer)
            self.assertEqual(asked.contact_id, self.buyer)
            self.assertEqual(asked.period, date(2026, 1, 1))
            self.Sending._cron_send()
            self.assertEqual(self._asked(), asked)
        with freeze_time("2026-05-15 01:00:00"):
            self.Sending._cron_send()
            self.assertEqual(self._asked(), asked)

    def test_a_failure_holds_nobody_up(self):
        """A contact whose mail cannot be made is left out, and named in the log."""
        self.company.sales_dept_satisfaction_sending = "delivery"
        self._deliver(), self._deliver(self.other)
        real = type(self.Input)._satisfaction_stamp

        def fail(invited, company, row, channel):
            if row["customer"] == self.customer:
                raise ValueError("cannot be asked")
            return real(invited, company, row, channel)

        self.patch(type(self.Input), "_satisfaction_stamp", fail)
        self.Sending._cron_send()
        self.assertEqual(self._asked().partner_id, self.other)
        log = self.env["sales.dept.job.log"].search([], order="id desc", limit=1)
        self.assertEqual((log.done_count, log.error_count), (1, 1))

    def test_whom_to_ask(self):
        contacts = self.customer._satisfaction_contacts
        self.assertEqual(contacts(self.company)[self.customer], self.buyer)
        self.company.sales_dept_satisfaction_function = "quality"
        self.assertEqual(contacts(self.company)[self.customer], self.inspector)
        self.company.sales_dept_satisfaction_function = "finance"
        near = {self.customer: self.inspector}
        self.assertEqual(contacts(self.company, near)[self.customer], self.inspector)
        self.inspector.sales_dept_survey_opt_out = True
        self.assertEqual(contacts(self.company, near)[self.customer], self.portal_user.partner_id)
        # A person is themselves.
        self.assertEqual(self.inspector._satisfaction_contacts(self.company)[self.inspector], self.inspector)

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.buyer.lang = "fr_FR"
        self.env.ref("sales_dept_kpi.mail_template_satisfaction").with_context(
            lang="fr_FR"
        ).subject = "How satisfied (fr)"
        invited = self._invite()
        self.assertEqual(invited.lang_id.code, "fr_FR")
        self.assertEqual(self._mails().subject, "How satisfied (fr)")

    # === NOT AGAIN, NOT AT ALL === #

    def _send(self, user, partners, channel="mail"):
        wizard = (
            self.env["sales.satisfaction.send"]
            .with_user(user)
            .with_context(active_model="res.partner", active_ids=partners.ids)
            .create({"channel": channel})
        )
        wizard.action_send()
        return self._asked()

    def test_by_hand(self):
        asked = self._send(self.manager1, self.customer)
        self.assertEqual((asked.contact_id, asked.user_id, asked.channel), (self.buyer, self.manager1, "mail"))
        self.assertEqual(self._mails().recipient_ids, self.buyer)

    def test_by_hand_others(self):
        with self.assertRefused("somebody else is responsible", AccessError):
            self._send(self.manager1, self.other)
        self.assertEqual(self._send(self.assistant, self.other).user_id, self.manager2)

    def test_on_paper(self):
        self.assertEqual(self._send(self.manager1, self.customer, "paper").channel, "paper")
        self.assertFalse(self._mails())

    def test_not_again(self):
        """Within the interval nobody is asked again, on no way: by hand, on paper, by the cron, from the survey."""
        self._invite()
        for channel in ("mail", "paper"):
            with self.assertRefused("was asked on"):
                self._send(self.manager1, self.customer, channel)
        self.company.sales_dept_satisfaction_sending = "delivery"
        self._deliver()
        self.Sending._cron_send()
        with self.assertRefused("was asked on"):
            self._survey_invite(self.buyer)
        twin = self.env["res.partner"].create({"name": "Bao", "email": "BAO@customer.example", "user_id": False})
        with self.assertRefused("was asked on"):
            self._send(self.manager1, twin)
        self.assertEqual(len(self._asked()), 1)
        # The counterpart: on the day on which the interval is over, all of these ways are open.
        self.company.sales_dept_satisfaction_interval = 0
        self.assertEqual(len(self._send(self.manager1, self.customer)), 2)

    def test_who_asks_writes_the_person(self):
        """By which two who ask at the same moment meet: also under another name with the same address."""
        twin = self.env["res.partner"].create({"name": "Bao", "email": "BAO@customer.example", "active": False})
        self.assertFalse(self.buyer.sales_dept_satisfaction_asked_at)
        with freeze_time("2026-05-12 02:00:00"):
            self._invite()
            self.assertEqual(str(self.buyer.sales_dept_satisfaction_asked_at), "2026-05-12 02:00:00")
            self.assertEqual(twin.sales_dept_satisfaction_asked_at, self.buyer.sales_dept_satisfaction_asked_at)
            self._survey_invite(self.inspector)
            self.assertTrue(self.inspector.sales_dept_satisfaction_asked_at)
        # And goes with the contact that it is merged into.
        other = self.env["res.partner"].create({"name": "Bao Li"})
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((twin | other).ids, other)
        self.assertTrue(other.sales_dept_satisfaction_asked_at)

    def test_interval_ends(self):
        invited = self._invite()
        today = self.company._local_today()
        invited._write_protected({"sales_dept_sent_date": self.company._moment_of(today - timedelta(days=89))})
        self.assertTrue(self.buyer._satisfaction_refusals(self.company))
        invited._write_protected({"sales_dept_sent_date": self.company._moment_of(today - timedelta(days=90))})
        self.assertFalse(self.buyer._satisfaction_refusals(self.company))

    def _survey_invite(self, partner, **values):
        invite = self.env["survey.invite"].create(
            {"survey_id": self.survey.id, "partner_ids": partner.ids, "subject": "S", "body": "B", **values}
        )
        return invite.action_invite()

    def test_opt_out(self):
        """Who does not want to be asked is not, on no way, under no other name of the same address."""
        self.buyer.sales_dept_survey_opt_out = True
        with self.assertRefused("does not want to be asked"):
            self._send(self.director, self.buyer)
        with self.assertRefused("does not want to be asked"):
            self._send(self.director, self.buyer, "paper")
        with self.assertRefused("does not want to be asked"):
            self._survey_invite(self.buyer)
        twin = self.env["res.partner"].create({"name": "B.", "email": "Bao <bao@customer.example>"})
        with self.assertRefused("does not want to be asked"):
            self._send(self.director, twin)
        self.buyer.active = False
        with self.assertRefused("does not want to be asked"):
            self._survey_invite(self.env["res.partner"], emails="Bao <BAO@customer.example>")
        (self.customer.child_ids | self.customer).sales_dept_survey_opt_out = True
        self.company.sales_dept_satisfaction_sending = "delivery"
        self._deliver()
        self.Sending._cron_send()
        self.assertFalse(self._asked())
        with self.assertRefused("no contact with an email address"):
            self._send(self.director, self.customer)

    def test_from_the_survey(self):
        """Sent from the survey itself it counts as well, and is not sent to who answered already."""
        self._survey_invite(self.buyer)
        asked = self._asked()
        self.assertEqual((asked.contact_id, asked.user_id), (self.buyer, self.manager1))

    def test_no_survey(self):
        self.survey.active = False
        with self.assertRefused("choose one in the settings"):
            self._send(self.manager1, self.customer)
