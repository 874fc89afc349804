import re
from io import BytesIO
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import convert_file, file_open, mute_logger
from odoo.tools.convert import convert_xml_import
from odoo.tools.translate import TranslationImporter

from ..models.job_card.sales_dept_job_card_mixin import SalesDeptJobCardMixin
from .common import SalesDeptCommon


class JobCardCommon(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Role = cls.env["sales.dept.role"]
        cls.Duty = cls.env["sales.dept.duty"]
        cls.Link = cls.env["sales.dept.duty.link"]
        cls.quotations = cls.env.ref("sale.action_quotations")
        cls.role_manager = cls.env.ref("sales_dept_roles.role_manager")
        cls.role_director = cls.env.ref("sales_dept_roles.role_director")
        cls.role_market_researcher = cls.env.ref("sales_dept_roles.role_market_researcher")
        cls.duty_quotations = cls.env.ref("sales_dept_roles.duty_manager_3_2_6")
        cls.own_role = cls.Role.create({"name": "Sample Keeper"})
        cls.own_duty = cls.Duty.create({"role_id": cls.own_role.id, "number": "1", "name": "Samples"})

    @classmethod
    def _create_link(cls, domain="[]", duty=None, **vals):
        return cls.Link.create(
            {
                "duty_id": (duty or cls.own_duty).id,
                "name": "Quotations",
                "action_id": cls.quotations.id,
                "domain": domain,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestJobCardHolders(JobCardCommon):
    def _mine(self, user):
        return self.Role.with_user(user).search([("user_ids", "in", [user.id])])

    def test_by_group(self):
        self.assertEqual(self._mine(self.manager1), self.role_manager)
        self.assertIn(self.manager1, self.role_manager.user_ids)
        self.assertNotIn(self.director, self.role_manager.user_ids)
        self.manager1.group_ids -= self.env.ref("sales_dept_roles.group_account_manager")
        self.assertFalse(self._mine(self.manager1))

    def test_assigned(self):
        self.assertFalse(self._mine(self.outsider))
        self.role_market_researcher.assigned_user_ids = self.outsider
        self.assertEqual(self._mine(self.outsider), self.role_market_researcher)
        self.assertEqual(self.role_market_researcher.user_ids, self.outsider)

    def test_everybody_else(self):
        others = self.Role.with_user(self.manager1).search([("user_ids", "not in", [self.manager1.id])])
        self.assertIn(self.role_director, others)
        self.assertNotIn(self.role_manager, others)

    def test_archived_user_and_customer_hold_nothing(self):
        self.role_market_researcher.assigned_user_ids = self.outsider | self.portal_user
        self.outsider.active = False
        self.assertFalse(self.role_market_researcher.user_ids)

    def test_each_role_of_ours_has_a_post(self):
        groups = self.env.ref("sales_dept_roles.privilege_sales_dept").group_ids
        self.assertEqual(self.Role.search([("group_id", "!=", False)]).group_id, groups)

    def test_posts_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.own_role.write({"company_id": other.id, "group_id": self.env.ref("sales_dept_roles.group_assistant").id})
        self.assertNotIn(self.own_role, self.Role.with_user(self.assistant).search([]))
        self.assertNotIn(self.own_duty, self.Duty.with_user(self.assistant).search([]))
        self.assertNotIn(self.assistant, self.own_role.user_ids)
        with self.assertRaises(AccessError):
            self.own_duty.with_user(self.assistant).read(["name"])

    def test_own_duty_of_a_company_at_a_shared_post(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.director.company_ids |= other
        duty = self.Duty.create({"role_id": self.role_director.id, "name": "Here only", "company_id": other.id})
        link = self._create_link(duty=duty)

        def visible(*companies):
            ids = [company.id for company in companies]
            records = (duty.with_user(self.director), link.with_user(self.director))
            return [bool(record.with_context(allowed_company_ids=ids)._filtered_access("read")) for record in records]

        self.assertEqual(visible(self.company), [False, False])
        self.assertEqual(visible(self.company, other), [True, True])

    def test_no_circle(self):
        with self.assertRefused("cannot report to itself", ValidationError):
            self.role_director.parent_id = self.role_manager


@tagged("post_install", "-at_install")
class TestJobCardRights(JobCardCommon):
    def test_all_read(self):
        for user in (self.outsider, self.assistant, self.manager1, self.finance, self.engineering, self.director):
            self.assertTrue(self.role_manager.with_user(user).read(["name", "user_ids", "duty_count"]))
            self.assertTrue(self.duty_quotations.with_user(user).read(["name", "procedure", "work"]))

    def test_customers_do_not(self):
        for record in (self.role_manager, self.duty_quotations, self.duty_quotations.link_ids[0]):
            with self.assertRaises(AccessError):
                record.with_user(self.portal_user).read(["name"])

    def test_editors(self):
        for user in (self.director, self.gm, self.env.ref("base.user_admin")):
            role = self.Role.with_user(user).create({"name": f"Post of {user.login}"})
            duty = self.Duty.with_user(user).create({"role_id": role.id, "name": "Something new"})
            link = self.Link.with_user(user).create(
                {"duty_id": duty.id, "name": "Quotations", "action_id": self.quotations.id, "domain": "[]"}
            )
            self.duty_quotations.with_user(user).indicator = f"As {user.login} says"
            self.assertEqual(self.duty_quotations.indicator, f"As {user.login} says")
            duty.active = False
            self.assertFalse(duty.active)
            link.unlink()
            role.unlink()
            self.assertFalse(duty.exists())

    def test_the_others_do_not_edit(self):
        for user in (self.outsider, self.assistant, self.manager1, self.finance, self.engineering):
            with self.assertRaises(AccessError):
                self.Role.with_user(user).create({"name": "Mine"})
            with self.assertRaises(AccessError):
                self.role_market_researcher.with_user(user).assigned_user_ids = user
            with self.assertRaises(AccessError):
                self.Duty.with_user(user).create({"role_id": self.own_role.id, "name": "Mine"})
            with self.assertRaises(AccessError):
                self.duty_quotations.with_user(user).name = "Nothing"
            with self.assertRaises(AccessError):
                self.duty_quotations.with_user(user).action_archive()
            with self.assertRaises(AccessError):
                self.own_duty.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.duty_quotations.link_ids[0].with_user(user).domain = "[]"

    def test_a_post_gives_no_rights(self):
        groups = self.outsider.all_group_ids
        self.role_director.assigned_user_ids = self.outsider
        self.assertEqual(self.outsider.all_group_ids, groups)

    def test_editors_choose_screens_but_do_not_change_them(self):
        self.assertTrue(self.quotations.with_user(self.director).read(["name"]))
        with self.assertRaises(AccessError):
            self.quotations.with_user(self.director).name = "Mine"
        with self.assertRaises(AccessError):
            self.quotations.with_user(self.manager1).read(["name"])


@tagged("post_install", "-at_install")
class TestJobCardData(JobCardCommon):
    def _update(self):
        """What an update of the addon does with its data."""
        convert_file(self.env, "sales_dept_roles", "data/job_card_data.xml", {}, mode="update", noupdate=False)

    def test_numbers_of_the_procedure(self):
        for post, numbers in {
            "director": [*(f"3.1.{n}" for n in range(1, 10)), "3.2.0", "3.2.1", "3.2.2"],
            "manager": [f"3.2.{n}" for n in range(1, 9)],
            "assistant": [f"3.3.{n}" for n in range(1, 5)],
        }.items():
            role = self.env.ref(f"sales_dept_roles.role_{post}")
            self.assertEqual(role.duty_ids.mapped("number"), numbers)
            for number in numbers:
                duty = self.env.ref(f"sales_dept_roles.duty_{post}_{number.replace('.', '_')}")
                self.assertEqual(duty.number, number)

    def test_every_post_is_described(self):
        roles = self.Role.search([]) - self.own_role
        self.assertGreaterEqual(len(roles), 26)
        for role in roles:
            self.assertTrue(role.purpose and role.code and role.duty_ids, role.name)
            self.assertTrue(role.parent_id or role == self.env.ref("sales_dept_roles.role_general_manager"), role.name)
        for duty in roles.duty_ids:
            self.assertTrue(duty.name and duty.description and duty.procedure, duty.display_name)

    def test_update_keeps_edits(self):
        self.duty_quotations.with_user(self.director).write({"name": "Our quotations", "indicator": "All of them"})
        self.role_manager.with_user(self.gm).purpose = "Ours"
        link = self.duty_quotations.link_ids[0]
        link.with_user(self.director).domain = "[('amount_total', '>', 1)]"
        self._update()
        self.env.invalidate_all()
        self.assertEqual(self.duty_quotations.name, "Our quotations")
        self.assertEqual(self.duty_quotations.indicator, "All of them")
        self.assertEqual(self.role_manager.purpose, "Ours")
        self.assertEqual(link.domain, "[('amount_total', '>', 1)]")

    def test_update_overwrites_without_the_mark(self):
        """What protects the edits is the mark on the records; without it they would be lost."""
        self.duty_quotations.name = "Our quotations"
        self.env["ir.model.data"].search(
            [("module", "=", "sales_dept_roles"), ("name", "=", "duty_manager_3_2_6")]
        ).noupdate = False
        self.env.flush_all()
        with file_open("sales_dept_roles/data/job_card_data.xml", "rb") as file:
            data = BytesIO(file.read().replace(b'noupdate="1"', b""))
            data.name = file.name
        convert_xml_import(self.env, "sales_dept_roles", data, {}, mode="update")
        self.assertNotEqual(self.duty_quotations.name, "Our quotations")

    def test_archived_stays_archived(self):
        link = self.duty_quotations.link_ids[0]
        (self.duty_quotations | self.env.ref("sales_dept_roles.duty_manager_3_2_7")).with_user(
            self.director
        ).action_archive()
        link.with_user(self.director).active = False
        self._update()
        self.env.invalidate_all()
        self.assertFalse(self.duty_quotations.active)
        self.assertFalse(link.active)
        self.assertNotIn("3.2.7", self.role_manager.duty_ids.mapped("number"))

    def test_new_ones_arrive(self):
        self.env["ir.model.data"].search(
            [("module", "=", "sales_dept_roles"), ("name", "like", "manager_3_2_8")]
        ).unlink()
        self.env["sales.dept.duty"].search([("role_id", "=", self.role_manager.id), ("number", "=", "3.2.8")]).unlink()
        self._update()
        self.assertIn("3.2.8", self.role_manager.duty_ids.mapped("number"))

    def test_shipped_is_archived_not_deleted(self):
        for record in (self.role_manager, self.duty_quotations, self.duty_quotations.link_ids[0]):
            with self.assertRefused("Archive it instead"):
                record.with_user(self.director).unlink()
        with self.assertRefused("Archive it instead"):
            self.role_manager.with_user(self.director).duty_ids = [Command.delete(self.duty_quotations.id)]
        self.assertTrue(self.duty_quotations.exists())
        # Also what has nothing shipped below it any more.
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM sales_dept_duty_link WHERE duty_id = %s", [self.duty_quotations.id])
        self.env.invalidate_all()
        with self.assertRefused("Archive it instead"):
            self.duty_quotations.with_user(self.director).unlink()
        self.env.cr.execute("DELETE FROM sales_dept_duty WHERE role_id = %s", [self.role_manager.id])
        self.env.invalidate_all()
        with self.assertRefused("Archive it instead"):
            self.role_manager.with_user(self.director).unlink()

    def test_shipped_goes_not_with_an_own_post(self):
        self.duty_quotations.role_id = self.own_role
        self.duty_quotations.active = False
        with self.assertRefused("Archive it instead"):
            self.own_role.with_user(self.director).unlink()
        self.duty_quotations.link_ids[0].duty_id = self.own_duty
        with self.assertRefused("Archive it instead"):
            self.own_duty.with_user(self.director).unlink()

    def test_without_the_refusal_it_would_come_back(self):
        with patch.object(SalesDeptJobCardMixin, "_first_shipped", lambda self: self.browse()):
            self.duty_quotations.with_user(self.director).unlink()
        self.assertNotIn("3.2.6", self.role_manager.duty_ids.mapped("number"))
        self._update()
        self.env.invalidate_all()
        self.assertIn("3.2.6", self.role_manager.duty_ids.mapped("number"))

    def test_exported_may_be_deleted(self):
        self.own_duty._export_rows([["id"]])
        self.own_duty.with_user(self.director).unlink()
        self.assertFalse(self.own_duty.exists())

    def test_number_is_there_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation) as caught:
            self.Duty.create({"role_id": self.role_manager.id, "name": "Again", "number": "3.2.6"})
        self.assertIn("Give the duty another number", self.Duty._sql_error_to_message(caught.exception))
        self.duty_quotations.active = False
        self.env.flush_all()
        self.assertTrue(self.Duty.create({"role_id": self.role_manager.id, "name": "Ours", "number": "3.2.6"}))

    def test_languages_are_edited_on_their_own(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        english = {name: self.duty_quotations[name] for name in ("name", "description", "procedure", "records")}
        chinese = self.duty_quotations.with_user(self.director).with_context(lang="zh_CN")
        chinese.write({name: f"部门自定\n{name} 的写法" for name in english})
        self.env.invalidate_all()
        for name, value in english.items():
            self.assertEqual(self.duty_quotations[name], value)
            self.assertEqual(chinese[name], f"部门自定\n{name} 的写法")
        self.duty_quotations.procedure = "Ask first\nQuote then"
        self.assertEqual(chinese.procedure, "部门自定\nprocedure 的写法")

    def test_update_keeps_an_edited_translation(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        duties = {
            number: self.env.ref(f"sales_dept_roles.duty_manager_{number}").with_context(lang="zh_CN")
            for number in ("3_2_6", "3_2_7")
        }
        terms = "".join(
            f'''
#. module: sales_dept_roles
#: model:sales.dept.duty,indicator:sales_dept_roles.duty_manager_{number}
msgid "{duty.with_context(lang="en_US").indicator or "None yet"}"
msgstr "随附的译文"
'''
            for number, duty in duties.items()
        )
        duties["3_2_6"].with_user(self.director).indicator = "部门自定"
        self.env.flush_all()
        importer = TranslationImporter(self.env.cr, verbose=False)
        file = BytesIO(terms.encode())
        file.name = "zh_CN.po"
        importer.load(file, "po", "zh_CN", module="sales_dept_roles")
        importer.save(overwrite=True)
        self.env.invalidate_all()
        self.assertEqual(duties["3_2_6"].indicator, "部门自定")
        # One that nobody edited gets its translation.
        self.assertEqual(duties["3_2_7"].indicator, "随附的译文")

    def test_copy_for_a_variant(self):
        copy = self.role_manager.with_user(self.director).copy()
        self.assertEqual(copy.duty_ids.mapped("number"), self.role_manager.duty_ids.mapped("number"))
        self.assertEqual(len(copy.duty_ids.link_ids), len(self.role_manager.duty_ids.link_ids))
        self.assertIn("(copy)", copy.name)
        copy.unlink()


@tagged("post_install", "-at_install")
class TestJobCardWork(JobCardCommon):
    def _work(self, duty, user):
        """``{label: count}`` as `user` sees it."""
        return {link["name"]: link["count"] for link in duty.with_user(user).work}

    def test_what_waits_for_me(self):
        label = self.env.ref("sales_dept_roles.link_manager_3_2_6_quotes_own").name
        for user in (self.manager1, self.manager2):
            self.assertEqual(self._work(self.duty_quotations, user)[label], 0)
        self._create_quotation(self.manager1)
        self._create_quotation(self.manager1)
        self._create_quotation(self.manager2)
        self.env.invalidate_all()
        self.assertEqual(self._work(self.duty_quotations, self.manager1)[label], 2)
        self.assertEqual(self._work(self.duty_quotations, self.manager2)[label], 1)
        link = self.env.ref("sales_dept_roles.link_manager_3_2_6_quotes_own")
        self.assertEqual(link.with_user(self.manager1).waiting_count, 2)

    def test_signature_waits(self):
        duty = self.env.ref("sales_dept_roles.duty_general_manager_1")
        label = self.env.ref("sales_dept_roles.link_general_manager_1_sign_quotes").name
        self.assertEqual(self._work(duty, self.gm)[label], 0)
        self._create_quotation(self.manager1).action_approval_submit()
        self.env.invalidate_all()
        self.assertEqual(self._work(duty, self.gm)[label], 1)
        self.assertEqual(self._work(duty, self.manager2)[label], 0)

    def test_ordinary_work_does_not_stand_out(self):
        """Both are counted; only what waits for the person who looks stands out."""
        stands_out = {
            link["name"]: link["is_waiting"]
            for link in self.env.ref("sales_dept_roles.duty_general_manager_1").with_user(self.gm).work
            if link["count"] is not None
        }
        self.assertEqual(stands_out, {"Quotations to sign": True, "Waiting for a signature": False})

    def test_count_is_what_opens(self):
        self._create_quotation(self.manager1)
        self._create_quotation(self.manager2)
        links = self.Link.search([("domain", "!=", False)])
        self.assertGreater(len(links), 20)
        counted = set()
        for link in links:
            for user in (self.manager1, self.director, self.gm, self.assistant):
                as_user = link.with_user(user)
                counts = as_user._waiting_counts()
                if as_user not in counts:
                    continue
                action = as_user.action_open()
                self.assertEqual(
                    self.env[action["res_model"]].with_user(user).search_count(action["domain"]),
                    counts[as_user],
                    link.duty_id.display_name,
                )
                counted.add(bool(counts[as_user]))
                self.assertFalse([key for key in action["context"] if key.startswith("search_default")])
        self.assertEqual(counted, {True, False}, "some have work, some have none")

    def test_every_link_opens(self):
        links = self.Link.search([])
        self.assertGreater(len(links), 50)
        self.assertTrue(links.filtered("domain"))
        for link in links:
            if not link._action():
                # The app need not be installed.
                self.assertIn("crm.", link.action_xmlid)
                continue
            self.assertEqual(link.action_open()["type"], "ir.actions.act_window")
            if link.domain:
                self.assertIsInstance(link._waiting_counts()[link], int)

    def test_activities_and_meetings_stand_once(self):
        """A post shows what is due once: counted in each of its duties, it would look like so much more."""
        for role in self.Role.search([]):
            links = role.duty_ids.link_ids.filtered("domain")
            activities = links.filtered(lambda link: link.res_model in ("mail.activity", "calendar.event"))
            # Visits are planned or not reported: two links of the same screen that never count the same event.
            shown = {(link.res_model, link.action_id, link.domain) for link in activities}
            self.assertEqual(len(activities), len(shown), role.name)
            self.assertLessEqual(len(activities.filtered(lambda link: link.res_model == "mail.activity")), 1, role.name)

    def test_what_waits_stands_once_for_who_holds_several_posts(self):
        second = self.Duty.create({"role_id": self.own_role.id, "number": "2", "name": "More"})
        self._create_link("[('user_id', '=', uid)]")
        self._create_link("[('user_id', '=', uid)]", second, name="Again")
        self.assertEqual(len(second.with_user(self.manager1).work), 1, "of others' posts each duty says all")
        self.own_role.assigned_user_ids = self.manager1
        self.env.invalidate_all()
        mine = (self.own_duty | second).with_user(self.manager1)
        self.assertEqual([[link["name"] for link in duty.work or []] for duty in mine], [["Quotations"], []])

    def test_shipped_and_not_invoiced(self):
        orders = self.env["sale.order"]
        self.product.invoice_policy = "order"
        self.company.sales_dept_quote_signoff = "off"
        for delivered, invoiced in ((0, 0), (2, 0), (2, 2), (1, 2)):
            order = self._create_quotation()
            order.action_confirm()
            order.order_line.qty_delivered = delivered
            if invoiced:
                order._create_invoices()
            orders |= order
        found = self.env["sale.order"].search([("is_shipped_to_invoice", "=", True), ("id", "in", orders.ids)])
        self.assertEqual(found, orders[1])
        self.assertEqual(orders.filtered("is_shipped_to_invoice"), found)
        self.assertEqual(orders.filtered_domain([("is_shipped_to_invoice", "=", False)]), orders - found)
        order = self.env.ref("sales_dept_roles.link_finance_1_to_invoice")
        self.assertIn("is_shipped_to_invoice", order.domain)

    def test_without_domain_the_screen_opens_as_it_is(self):
        link = self._create_link(domain=False)
        self.assertIsNone(self._work(self.own_duty, self.manager1)["Quotations"])
        self.assertEqual(link.with_user(self.manager1).action_open()["context"], self.quotations.context)

    def test_out_of_reach_is_not_shown(self):
        link = self._create_link()
        self.assertFalse(self.own_duty.with_user(self.outsider).work)
        self.assertEqual(link.with_user(self.outsider).waiting_count, 0)
        with self.assertRefused("your rights do not reach"):
            link.with_user(self.outsider).action_open()
        # The counterfactual: it is the right to read that decides.
        self.outsider.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.env.invalidate_all()
        self.assertEqual(list(self._work(self.own_duty, self.outsider)), ["Quotations"])

    def test_what_is_counted_may_be_hidden(self):
        """One link that speaks of a field of others does not take the whole job card away."""
        action = self.env.ref("base.action_partner_form")
        link = self._create_link(action_id=action.id, domain="[('customer_file_closing_day', '>', 0)]")
        self.assertIn(link, link.with_user(self.manager1)._waiting_counts())
        self.assertNotIn(link, link.with_user(self.outsider)._waiting_counts())
        self.assertFalse(self.own_duty.with_user(self.outsider).work)

    def test_screen_of_a_group(self):
        self.quotations.group_ids = self.env.ref("sales_dept_roles.group_director")
        self._create_link()
        self.assertFalse(self.own_duty.with_user(self.manager1).work)
        self.assertTrue(self.own_duty.with_user(self.director).work)

    def test_app_not_installed(self):
        link = self.Link.create(
            {"duty_id": self.own_duty.id, "name": "Later", "action_xmlid": "no_such_app.action", "domain": "[]"}
        )
        self.assertFalse(self.own_duty.work)
        link.action_xmlid = "sale.action_quotations"
        self.env.invalidate_all()
        self.assertEqual([item["name"] for item in self.own_duty.work], ["Later"])

    def test_archived_link(self):
        self._create_link().active = False
        self.assertFalse(self.own_duty.work)

    def test_bad_domain(self):
        for domain in ("[('no_such_field', '=', 1)]", "not a domain", "[("):
            with self.assertRefused("cannot be read"):
                self._create_link(domain)

    def test_leads_nowhere(self):
        with self.assertRefused("choose the screen"):
            self._create_link(action_id=False)

    def test_field_gone_later(self):
        link = self._create_link()
        self.env.cr.execute("UPDATE sales_dept_duty_link SET domain = %s", ("[('gone', '=', 1)]",))
        self.env.invalidate_all()
        with mute_logger("odoo.addons.sales_dept_roles.models.job_card.sales_dept_work_link_mixin"):
            self.assertEqual(self._work(self.own_duty, self.manager1), {link.name: None})

    def test_domain_of_the_screen_counts_too(self):
        self.quotations.domain = "[('user_id', '=', uid)]"
        self._create_link("[('state', '=', 'draft')]")
        self._create_quotation(self.manager1)
        self._create_quotation(self.manager2)
        self.assertEqual(self._work(self.own_duty, self.director), {"Quotations": 0})
        self.assertEqual(self._work(self.own_duty, self.manager1), {"Quotations": 1})

    def test_much_is_not_counted_to_the_end(self):
        with patch("odoo.addons.sales_dept_roles.models.job_card.sales_dept_work_link_mixin.COUNT_LIMIT", 1):
            self._create_link()
            self._create_quotation(self.manager1)
            self._create_quotation(self.manager1)
            self.assertEqual(self._work(self.own_duty, self.director), {"Quotations": 1})

    def _count_queries(self, duties):
        duties = duties.with_user(self.director)
        self.env.invalidate_all()
        with patch.object(self.env.registry["sale.order"], "search_count", autospec=True, return_value=3) as counted:
            before = self.env.cr.sql_log_count
            duties.read(["name", "work"])
            return self.env.cr.sql_log_count - before, counted.call_count

    def test_queries(self):
        """The number of queries does not grow with the duties, nor that of the counts."""
        duties = self.Duty.create(
            [{"role_id": self.own_role.id, "name": f"Duty {n}", "number": f"n{n}"} for n in range(40)]
        )
        for duty in duties:
            self._create_link("[('state', '=', 'draft')]", duty)
            self._create_link("[('user_id', '=', uid)]", duty)
        # Once before, for what is cached for the process.
        self._count_queries(duties)
        some, counts = self._count_queries(duties[:20])
        all_, all_counts = self._count_queries(duties)
        self.assertEqual((some, counts), (all_, all_counts))
        self.assertEqual(counts, 2)


@tagged("post_install", "-at_install")
class TestJobCardPrint(JobCardCommon):
    def _html(self, roles, user):
        report = self.env["ir.actions.report"].with_user(user)
        return report._render_qweb_html("sales_dept_roles.report_job_card", roles.ids)[0].decode()

    def test_one_post(self):
        html = self._html(self.role_manager, self.manager1)
        for text in ("Account Manager", "Sales Director", "3.2.6", "Product quotations", "Related Records", "points"):
            self.assertIn(text, html)
        self.assertIn("Send it to the customer only then", html)
        self.assertNotIn("3.1.1", html)

    def test_several_posts_are_one_document(self):
        """Some builds of wkhtmltopdf refuse several documents at once."""
        html = self._html(self.role_manager | self.role_director, self.manager1)
        self.assertIn("3.1.1", html)
        self.assertIn("3.2.6", html)
        self.assertEqual(len(re.findall('class="article', html)), 1)

    def test_mine(self):
        self.role_market_researcher.assigned_user_ids = self.manager1
        action = self.Duty.with_user(self.manager1).action_print_my_job_description()
        self.assertEqual(
            action["context"]["active_ids"], (self.role_manager | self.role_market_researcher).sorted().ids
        )

    def test_none_of_mine(self):
        with self.assertRefused("You hold no post yet"):
            self.Duty.with_user(self.outsider).action_print_my_job_description()

    def test_archived_duties_are_left_out(self):
        self.duty_quotations.active = False
        self.assertNotIn("3.2.6", self._html(self.role_manager, self.manager1))


@tagged("post_install", "-at_install")
class TestJobCardStartPage(JobCardCommon, HttpCase):
    def _home(self, user):
        """The action that the web client begins with for `user`."""
        # Made at the first visit, which would be a second one where only reading is allowed.
        self.env["res.users.settings"]._find_or_create_for_user(user)
        self.authenticate(user.login, user.login)
        return self.make_jsonrpc_request("/web/session/get_session_info", {})["home_action_id"]

    def test_off_by_itself(self):
        self.assertTrue(self.role_manager.user_ids)
        self.assertFalse(self.Role.search([("starts_with_duties", "=", True)]))
        self.assertFalse(self._home(self.manager1))

    def test_holders_of_the_post_start_there(self):
        self.role_manager.starts_with_duties = True
        self.assertEqual(self._home(self.manager1), self.env.ref("sales_dept_roles.action_my_duties").id)
        self.assertFalse(self._home(self.director), "another post")
        self.assertFalse(self._home(self.outsider), "no post at all")
        self.assertFalse(self._home(self.portal_user), "a customer")

    def test_own_choice_comes_first(self):
        self.role_manager.starts_with_duties = True
        self.manager1.action_id = self.quotations.id
        self.assertEqual(self._home(self.manager1), self.quotations.id)

    def test_archived_post_starts_nothing(self):
        self.role_manager.starts_with_duties = True
        self.role_manager.active = False
        self.assertFalse(self._home(self.manager1))

    def test_settings(self):
        self.role_director.starts_with_duties = True
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.sales_dept_starting_role_ids, self.role_director)
        settings.sales_dept_starting_role_ids = self.role_manager
        settings.execute()
        self.assertEqual(self.Role.search([("starts_with_duties", "=", True)]), self.role_manager)
