from datetime import datetime

from .kpi_common import KpiCommon

SUBJECTS = ("quotation", "technical", "quality", "delivery", "logistics")


class SatisfactionCommon(KpiCommon):
    """A customer of the first account manager's, with people to ask, and answers on any day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("sales_dept_kpi.survey_satisfaction")
        cls.Answer = cls.env["sales.satisfaction.answer"]
        cls.Score = cls.env["sales.satisfaction.score"]
        cls.Input = cls.env["survey.user_input"]
        cls.customer.write({"user_id": cls.manager1.id, "email": "office@customer.example"})
        cls.buyer, cls.inspector = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "email": f"{name.lower()}@customer.example",
                    "parent_id": cls.customer.id,
                    "customer_file_function": function,
                }
                for name, function in (("Bao", "purchasing"), ("Ines", "quality"))
            ]
        )

    @classmethod
    def _question(cls, subject):
        return cls.survey.question_ids.filtered(
            lambda question: question.sales_dept_subject == subject and question.question_type == "scale"
        )

    @classmethod
    def _invite(cls, contact=None, company=None, sent=None, **row):
        contact = contact or cls.buyer
        row = {"contact": contact, "customer": contact.commercial_partner_id, **row}
        invited = cls.Input._satisfaction_invite(company or cls.company, [row])
        if sent:
            invited._write_protected({"sales_dept_sent_date": sent})
        return invited

    @classmethod
    def _fill(cls, invited, *values, remarks=None):
        """Answer by subject in their order; None leaves a question out."""
        for subject, value in zip(SUBJECTS, values, strict=False):
            if value is not None:
                invited._save_lines(cls._question(subject), str(value))
        for subject, text in (remarks or {}).items():
            remark = cls.survey.question_ids.filtered(
                lambda question, subject=subject: (
                    question.sales_dept_subject == subject and question.question_type == "text_box"
                )
            )
            invited._save_lines(remark, text)
        return invited

    @classmethod
    def _finish(cls, invited, moment=None):
        invited._mark_done()
        if moment:
            # When it was is nobody's to change; a test comes at any time.
            cls.env.flush_all()
            cls.env.cr.execute(
                "UPDATE survey_user_input SET end_datetime = %s WHERE id IN %s",
                [datetime.fromisoformat(moment), tuple(invited.ids)],
            )
            cls.env.invalidate_all()
        return invited

    @classmethod
    def _answered(cls, *values, moment=None, contact=None, remarks=None, **row):
        return cls._finish(cls._fill(cls._invite(contact, **row), *values, remarks=remarks), moment)

    def _as(self, user, invited):
        return self.Answer.with_user(user).browse(invited.ids)
