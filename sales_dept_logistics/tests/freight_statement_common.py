from datetime import date

from odoo.fields import Command

from .waybill_common import WaybillCommon

MARCH = (date(2031, 3, 1), date(2031, 3, 31))


class FreightStatementCommon(WaybillCommon):
    """A carrier that was agreed with, waybills of March 2031 with agreed charges, and its statements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls.partner = cls.env["res.partner"].create(
            {"name": "SF Express Ltd", "email": "billing@sf.example", "is_company": True}
        )
        cls.sf.write({"partner_id": cls.partner.id})
        kinds = ("freight", "fuel", "upstairs", "other")
        cls.freight, cls.fuel, cls.upstairs, cls.other = (
            cls.env.ref(f"sales_dept_logistics.charge_{kind}") for kind in kinds
        )

    @classmethod
    def _shipped(cls, number, day=10, carrier=None, freight=100.0, fuel=0.0, weight=10.0, zone="Guangdong", **values):
        """A waybill of March with what was agreed for it; `freight` None: nothing was agreed."""
        waybill = cls._waybill(
            f"SF{number:08}" if isinstance(number, int) else number,
            carrier=carrier,
            shipped_date=values.pop("shipped_date", date(2031, 3, day) if day else None),
            weight=weight,
            zone=zone,
            **values,
        )
        cls._agree(waybill, cls.freight, freight)
        cls._agree(waybill, cls.fuel, fuel or None)
        return waybill

    @classmethod
    def _agree(cls, waybill, kind, amount):
        if amount is not None:
            cls.env["freight.waybill.charge"].sudo().create(
                {
                    "waybill_id": waybill.id,
                    "kind_id": kind.id,
                    "company_id": waybill.company_id.id,
                    "currency_id": cls.currency.id,
                    "expected_amount": amount,
                }
            )

    @classmethod
    def _statement(cls, *rows, period=MARCH, carrier=None, matched=True, **values):
        """A statement with a line for each of `rows`: dicts of a line, whose kind is freight."""
        statement = cls.env["freight.statement"].create(
            {
                "carrier_id": (carrier or cls.sf).id,
                "date_from": period[0],
                "date_to": period[1],
                "user_id": cls.assistant.id,
                **values,
            }
        )
        cls._add(statement, *rows)
        if matched:
            cls._match(statement)
        return statement

    @classmethod
    def _add(cls, statement, *rows):
        """Rows as a reader leaves them: each as it came, with one line."""
        first = len(statement.row_ids) + 1
        statement.row_ids = [
            Command.create({"sheet": "March", "row_number": at, "raw": row.get("reference")})
            for at, row in enumerate(rows, first)
        ]
        lines = []
        for row, values in zip(statement.row_ids.sorted("id")[first - 1 :], rows, strict=True):
            kind = values.get("kind_id", cls.freight.id)
            values = {"amount": 100.0, "ship_date": date(2031, 3, 10), "weight": 10.0, **values, "kind_id": kind}
            lines.append({"statement_id": statement.id, "row_id": row.id, **values})
        return cls.env["freight.statement.line"].create(lines)

    @classmethod
    def _match(cls, statement):
        statement._after_reading()
        statement._match()
        return statement

    @classmethod
    def _line(cls, statement, reference):
        return statement.line_ids.filtered(lambda line: line.reference == reference and line.role != "missing")

    @classmethod
    def _keep_books(cls):
        """What a vendor bill needs in a company without a chart of accounts."""
        Account = cls.env["account.account"]
        expense, payable = (
            Account.create({"name": name, "code": code, "account_type": kind, "reconcile": kind == "liability_payable"})
            for name, code, kind in (("Freight", "F60001", "expense"), ("Payable", "F20001", "liability_payable"))
        )
        cls.env["account.journal"].create(
            {"name": "Freight Bills", "code": "FRB", "type": "purchase", "default_account_id": expense.id}
        )
        cls.partner.property_account_payable_id = payable
