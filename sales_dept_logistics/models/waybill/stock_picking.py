from collections import defaultdict

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..carrier.waybill_number import split_numbers
from .load import Metric, Parcel, loads_by_number

# What a waybill that a delivery makes does not need: nobody asked for it, and nobody follows it yet.
QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True, "tracking_disable": True}


class StockPicking(models.Model):
    """Deliveries make the waybills of the numbers under which they leave.

    Whenever a delivery is done, or a number is written on one that is done, :meth:`_sync_waybills` compares the
    numbers that it names with the waybills it stands on. So it makes nothing twice, whatever leads to it.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "sales.dept.protected.mixin"]

    waybill_ids = fields.Many2many(
        "freight.waybill",
        "freight_waybill_picking_rel",
        "picking_id",
        "waybill_id",
        "Waybills",
        copy=False,
        readonly=True,
    )
    waybill_count = fields.Integer(compute="_compute_waybill_count", compute_sudo=True)

    @api.depends("waybill_ids")
    def _compute_waybill_count(self):
        for picking in self:
            picking.waybill_count = len(picking.waybill_ids)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"waybill_ids"}

    def write(self, vals):
        if not vals.keys() & {"carrier_tracking_ref", "carrier_id"}:
            return super().write(vals)
        before = self._waybill_numbers()
        result = super().write(vals)
        self._sync_waybills(before)
        return result

    def action_view_waybills(self):
        self.ensure_one()
        return self.env["freight.waybill"]._action_open(Domain("picking_ids", "in", self.ids))

    # === WHICH DELIVERIES === #

    @api.model
    def _shipped_domain(self):
        """The deliveries with which goods leave by a carrier: what comes back, and what goes back, makes no waybill."""
        return (
            Domain("state", "=", "done")
            & Domain("carrier_id", "!=", False)
            & Domain("picking_type_id.code", "in", ("outgoing", "dropship"))
            & Domain("location_id.usage", "!=", "customer")
            & Domain("location_dest_id.usage", "!=", "supplier")
        )

    @api.model
    def _shipped_sql(self, picking, carrier):
        """As :meth:`_shipped_domain`, for queries.

        :param SQL picking: the deliveries' alias; :param SQL carrier: of their carriers, joined already
        """
        return SQL(
            """
            %(picking)s.state = 'done' AND %(picking)s.carrier_id = %(carrier)s.id
            AND EXISTS (SELECT FROM stock_picking_type kind
                         WHERE kind.id = %(picking)s.picking_type_id AND kind.code IN ('outgoing', 'dropship'))
            AND NOT EXISTS (SELECT FROM stock_location place
                             WHERE place.id = %(picking)s.location_id AND place.usage = 'customer')
            AND NOT EXISTS (SELECT FROM stock_location place
                             WHERE place.id = %(picking)s.location_dest_id AND place.usage = 'supplier')
            """,
            picking=picking,
            carrier=carrier,
        )

    def _shipped(self):
        # Most goes without a carrier, and is not looked at further.
        return self.sudo().filtered("carrier_id").filtered_domain(self._shipped_domain())

    # === WHAT IS UNDER WHICH NUMBER === #

    def _waybill_numbers(self):
        """Return ``{picking: {(carrier, key): Load}}`` of those of `self` that have left under a number."""
        shipped = self._shipped()
        return {picking: loads for picking, loads in shipped._waybill_loads().items() if loads}

    def _waybill_loads(self):
        """Return ``{picking: {(carrier, key): Load}}`` of each of `self`, done or not."""
        if not self:
            # Most that is moved is no delivery, or goes without a carrier.
            return {}
        metric = self._metric()
        parcels, loose = self._waybill_parcels(metric)
        result = {}
        for picking in self:
            carrier = picking.carrier_id
            loads = loads_by_number(
                split_numbers(picking.carrier_tracking_ref), parcels[picking], loose[picking], carrier._number_key
            )
            if len(loads) == 1 and picking.shipping_weight:
                # All of it is under one number: then it weighs what was written for the carrier.
                loads = {
                    key: load._replace(weight=picking.shipping_weight * metric.kilogram) if load.is_known else load
                    for key, load in loads.items()
                }
            result[picking] = {(carrier, key): load for key, load in loads.items()}
        return result

    def _waybill_parcels(self, metric):
        """Return ``{picking: [Parcel]}`` of the packages, and ``{picking: Parcel or None}`` of the loose goods."""
        lines = defaultdict(lambda: defaultdict(list))
        # As connectors are given them, which answer with as many numbers.
        for line in self.move_line_ids.sorted():
            if line.state != "cancel":
                lines[line.picking_id][line._waybill_package()].append(line)
        nothing = self.env["stock.package"]
        parcels = {}
        for picking in self:
            packages = nothing.union(*lines[picking])
            if picking.carrier_id.delivery_type in ("fixed", "base_on_rule"):
                # People write numbers in the order in which they packed.
                packages = packages.sorted("id")
            parcels[picking] = [self._parcel(package, lines[picking][package], metric) for package in packages]
        loose = {
            picking: self._parcel(nothing, packed, metric) if (packed := lines[picking].get(nothing)) else None
            for picking in self
        }
        return parcels, loose

    @api.model
    def _parcel(self, package, lines, metric):
        weight = sum(line.quantity_product_uom * line.product_id.weight for line in lines)
        volume = sum(line.quantity_product_uom * line.product_id.volume for line in lines)
        box = package.package_type_id
        outside = box.packaging_length * box.width * box.height * metric.meter**3
        return Parcel(
            package.carrier_tracking_ref or "",
            (package.shipping_weight or box.base_weight + weight) * metric.kilogram,
            outside or volume * metric.cubic_meter,
        )

    @api.model
    def _metric(self):
        """How many kg, m³ and m the units are in which the database weighs and measures."""
        template = self.env["product.template"]
        units = {
            "kilogram": (template._get_weight_uom_id_from_ir_config_parameter(), "uom.product_uom_kgm"),
            "cubic_meter": (template._get_volume_uom_id_from_ir_config_parameter(), "uom.product_uom_cubic_meter"),
            "meter": (template._get_length_uom_id_from_ir_config_parameter(), "uom.product_uom_meter"),
        }
        units = {name: (unit, self.env.ref(into)) for name, (unit, into) in units.items()}
        # Read at once: each came by its name alone.
        self.env["uom.uom"].union(*(unit for pair in units.values() for unit in pair)).fetch(["factor"])
        return Metric(**{name: unit._compute_quantity(1.0, into, round=False) for name, (unit, into) in units.items()})

    # === MAKING WAYBILLS === #

    def _sync_waybills(self, before=None):
        """Bring the waybills of `self` up to date with the numbers that they name now.

        :param before: :meth:`_waybill_numbers` before a change; numbers that were there and are no more are given up
        """
        numbers = self._waybill_numbers()
        before = before or {}
        if not numbers and not before:
            return
        gone = self._gone_numbers(before, numbers)
        gone = self._rename_waybills(gone, numbers)
        self._release_waybills(gone)
        new = self._new_numbers(numbers)
        if new:
            self._make_waybills(new)
        changed = [
            picking
            for picking, loads in numbers.items()
            if picking in before and _weighed(before[picking]) != _weighed(loads)
        ]
        self.env["stock.picking"].union(*changed).sudo().waybill_ids._weigh_again()

    @api.model
    def _gone_numbers(self, before, numbers):
        """Return ``{(picking, carrier, key): waybill}``: waybills of numbers that no longer stand on their delivery."""
        gone = {}
        for picking, loads in before.items():
            for waybill in picking.waybill_ids:
                number = (waybill.carrier_id, waybill.number_key)
                if number in loads and number not in numbers.get(picking, {}):
                    gone[(picking, *number)] = waybill
        return gone

    def _new_numbers(self, numbers):
        """Return ``[(picking, carrier, key, Load)]``: numbers for which their delivery stands on no waybill."""
        new = []
        for picking, loads in numbers.items():
            linked = {(waybill.carrier_id, waybill.number_key) for waybill in picking.waybill_ids}
            new += [(picking, *number, load) for number, load in loads.items() if number not in linked]
        return new

    def _rename_waybills(self, gone, numbers):
        """Let waybills of mistyped numbers follow the correction; return those of `gone` that do not.

        One number in place of another, on a waybill of this delivery alone, is a correction: scans and weights stay.
        """
        new = defaultdict(list)
        for picking, carrier, key, load in self._new_numbers(numbers) if gone else ():
            new[picking].append((carrier, key, load))
        there = self.env["freight.waybill"]._waybills_by_number(
            [(picking.company_id.id, carrier.id, key) for picking, rows in new.items() for carrier, key, _load in rows]
        )
        left = dict(gone)
        for (picking, carrier, key), waybill in gone.items():
            alone = sum(other == picking for other, _carrier, _key in gone) == len(new[picking]) == 1
            if not alone or waybill.picking_ids != picking:
                continue
            new_carrier, new_key, load = new[picking][0]
            if (picking.company_id.id, new_carrier.id, new_key) not in there:
                waybill.write({"name": load.name, "carrier_id": new_carrier.id})
                del left[picking, carrier, key]
        return left

    @api.model
    def _release_waybills(self, gone):
        """Take deliveries off the waybills of numbers that they no longer name; what then stands for nothing goes."""
        for (picking, _carrier, _key), waybill in gone.items():
            waybill.picking_ids = [Command.unlink(picking.id)]
        waybills = self.env["freight.waybill"].union(*gone.values())
        waybills.filtered(lambda waybill: not waybill.picking_ids and not waybill._is_kept()).unlink()

    def _make_waybills(self, new):
        """Put deliveries on the waybills of their numbers, and make those that are missing.

        :param new: ``[(picking, carrier, key, Load)]``
        """
        Waybill = self.env["freight.waybill"].sudo().with_context(**QUIET)
        there = Waybill._waybills_by_number([(row[0].company_id.id, row[1].id, row[2]) for row in new])
        joined, values = defaultdict(list), {}
        for picking, carrier, key, load in new:
            company, day = picking.company_id, picking._shipped_day()
            waybills = there.get((company.id, carrier.id, key), Waybill)
            if waybill := waybills._of_shipment(day):
                joined[waybill].append(picking.id)
            elif row := values.get((company, carrier, key)):
                row["picking_ids"].append(Command.link(picking.id))
                row["shipped_date"] = min(row["shipped_date"], day)
            else:
                values[company, carrier, key] = {
                    "name": load.name,
                    "company_id": company.id,
                    "carrier_id": carrier.id,
                    "number_use": max(waybills.mapped("number_use"), default=0) + 1,
                    "shipped_date": day,
                    "picking_ids": [Command.link(picking.id)],
                }
        for waybill, picking_ids in joined.items():
            waybill.with_context(**QUIET).picking_ids = [Command.link(picking_id) for picking_id in picking_ids]
        if values:
            self._create_waybills(Waybill, list(values.values()))

    @api.model
    def _create_waybills(self, Waybill, values):
        try:
            with self.env.cr.savepoint():
                Waybill.create(values)._write_protected({"source": "delivery"})
        except UniqueViolation as error:
            # Another delivery under this number was done at the same moment. Tried again it joins that waybill; no
            # delivery fails for its waybill.
            raise ConcurrencyError("A waybill was made by two deliveries at once") from error

    def _shipped_day(self):
        """The day on which the delivery left, on its company's calendar."""
        return self.company_id._local_day(self.date_done or fields.Datetime.now())


def _weighed(loads):
    """What `loads` put under their numbers, however these are written."""
    return {number: load._replace(name="") for number, load in loads.items()}
