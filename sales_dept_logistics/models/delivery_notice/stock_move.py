from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.order_gate.gate import Gate
from odoo.addons.sales_dept_roles.models.telling.quantity_text import quantity_text


class StockMove(models.Model):
    """The door of goods: those of customers' orders leave against an accepted delivery notice, on every path.

    Whatever sets a move to done comes through its ``create`` or ``write``: buttons, wizards, batches, backorders,
    other addons. A drop shipment leaves the supplier and is not held; goods that come back are none that leave.
    """

    _name = "stock.move"
    _inherit = ["stock.move", "sales.dept.gate.mixin"]

    _delivery_notice_gate = Gate(
        name="delivery_notice",
        policy="sales_dept_delivery_notice",
        states=("done",),
        required="_notice_filter_required",
        missing="_notice_lacking",
        messages="_notice_messages",
        parties="_notice_parties",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._door_created(vals_list)
        moves._gate_check_created()
        return moves

    def write(self, vals):
        crossing = self._gate_crossing(vals)
        parties = self._gate_parties(vals)
        before = self._door_before(vals)
        result = super().write(vals)
        self._door_after(vals, before)
        self._gate_cross(crossing, parties)
        return result

    @api.model
    def _gate_party_fields(self):
        return super()._gate_party_fields() | {"sale_line_id", "location_dest_id"}

    def _notice_parties(self):
        """A move that is done for another line, or to another place, is asked again."""
        return {self.company_id, self.sale_line_id, self.location_dest_id}

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if "sale_line_id" in vals:
            self._notice_leave_line()
        return result

    def _door_passed(self, crossing, needing):
        result = super()._door_passed(crossing, needing)
        gate = self._delivery_notice_gate
        if gate in crossing:
            moves, _before = crossing[gate]
            # Whoever needs a notice leaves; where the policy is off, notices follow all the same.
            leaving = needing[gate]
            (leaving | (moves - leaving)._filter_leaving())._notice_allocate_leaving()
        return result

    # === THE GATE === #

    def _filter_leaving(self):
        """Those of `self` that bring goods of an order to the customer."""
        # Looked at once for each place, since that costs a query where it is none of a customer's.
        moves = self.sudo()
        customers = moves.location_dest_id.filtered(lambda location: location._is_outgoing())
        leaving = {move.id for move in moves if move.location_dest_id in customers and move._leaves_stock()}
        return self.filtered(lambda move: move.id in leaving)

    def _leaves_stock(self):
        """Whether the move to a customer, read as superuser, takes goods of an order out of our own stock."""
        self.ensure_one()
        return bool(
            self.location_id.usage != "customer"
            and not self._is_dropshipped()
            and (self.sale_line_id or self.picking_id.sale_id)
            # An exchange, of which Odoo counts neither way.
            and not (self.origin_returned_move_id and not self.to_refund)
        )

    def _notice_filter_required(self, _policy=None):
        return self._filter_leaving()

    def _notice_lacking(self, required, _lacking):
        """Those of `required` of which more leaves than accepted notices say, or whose order is held."""
        return required.browse(required._notice_held())

    def _notice_held(self, quantities=None):
        """Return ``{move id: sentence}`` of those of `self` that may not leave.

        :param dict quantities: ``{move: how much of it, in its unit}``; by default all of each
        """
        moves = self.sudo()
        held = moves.sale_line_id.order_id._notice_filter_suspect()._notice_hold_messages()
        messages = {
            move.id: held[move.sale_line_id.order_id.id] for move in moves if move.sale_line_id.order_id.id in held
        }
        accepted = self.env["sale.delivery.notice"]._accepted_lines(moves.sale_line_id)
        components = moves.sale_line_id._notice_components()
        for (sale_line, product), some in moves.grouped(lambda move: (move.sale_line_id, move.product_id)).items():
            leaving = sum(
                move.product_uom._compute_quantity(
                    move.quantity if quantities is None else quantities[move], product.uom_id, round=False
                )
                for move in some
            )
            factor = components[sale_line].get(product, 1.0) if sale_line else 1.0
            allowed = sum(line._qty_allowed(product, factor) for line in accepted.get(sale_line, ()))
            if product.uom_id.compare(leaving, allowed) > 0:
                sentence = some[0]._notice_sentence(sale_line, leaving, allowed)
                messages.update(dict.fromkeys(some.ids, sentence))
        return messages

    def _notice_messages(self):
        return self._notice_held()

    def _notice_sentence(self, sale_line, leaving, allowed):
        names = {
            "picking": self.picking_id.name or self.reference or "",
            "product": self.product_id.display_name,
            "quantity": quantity_text(self.env, leaving),
            "unit": self.product_id.uom_id.name,
        }
        if not sale_line:
            return self.env._(
                "%(picking)s: %(quantity)s %(unit)s of %(product)s stand on no line of the order. Add them to the "
                "order and to a delivery notice.",
                **names,
            )
        return self.env._(
            "%(picking)s: %(quantity)s %(unit)s of %(product)s would leave for %(order)s, and accepted delivery "
            "notices allow %(allowed)s. The account manager or the sales assistant issues a notice, and the warehouse "
            "accepts it.",
            **names,
            order=sale_line.order_id.name,
            allowed=quantity_text(self.env, allowed),
        )

    def _notice_check_more(self, quantities):
        """Ask the gate about what was added to moves that are done.

        :param dict quantities: ``{move: how much more of it, in its unit}``
        """
        moves = self.browse([move.id for move in quantities])._gate_needing(self._delivery_notice_gate)
        self._raise_gate_messages(
            {key: [text] for key, text in moves._notice_held({move: quantities[move] for move in moves}).items()}
        )

    # === WHAT LEFT === #

    def _notice_allocate(self):
        """Note of those of the moves `self` that are done against which lines of notices their goods left."""
        self.filtered(lambda move: move.state == "done")._filter_leaving()._notice_allocate_leaving()

    def _notice_allocate_leaving(self):
        """As :meth:`_notice_allocate`, of moves that are done and leave."""
        if not self:
            return
        moves = self.sudo()
        accepted = self.env["sale.delivery.notice"]._accepted_lines(moves.sale_line_id)
        # Read with the lines when the gate was asked, whatever became of their notices.
        shipments = moves.sale_line_id.notice_line_ids.shipment_ids
        known = shipments.filtered(lambda shipment: shipment.move_id in moves).grouped("move_id")
        components = moves.sale_line_id._notice_components()
        touched = self.env["sale.delivery.notice.line"].sudo()
        values = []
        # Created at once in the end: until then, what of a line is given to other moves of it.
        given = defaultdict(float)
        for move in moves.filtered("sale_line_id"):
            factor = components[move.sale_line_id].get(move.product_id, 1.0)
            done = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, round=False) / factor
            rest = done - sum(shipment.quantity for shipment in known.get(move, ()))
            if rest < 0:
                move._notice_give_back(known[move], -rest)
            for line in accepted.get(move.sale_line_id, ()):
                part = min(rest, line._qty_allowed(move.product_id, 1.0) - given[line, move.product_id])
                if line.product_uom_id.compare(part, 0.0) <= 0:
                    continue
                if own := line.shipment_ids.filtered(lambda shipment, move=move: shipment.move_id == move):
                    own.quantity += part
                else:
                    values.append(line._prepare_shipment_values(move, part))
                    given[line, move.product_id] += part
                touched |= line
                rest -= part
        self.env["sale.delivery.notice.shipment"].sudo().create(values)
        touched.notice_id._note_shipped_by(touched)

    def _notice_leave_line(self):
        """Forget what left with `self` against notices of lines that they were put down to before."""
        shipments = self.env["sale.delivery.notice.shipment"].sudo().search(Domain("move_id", "in", self.ids))
        shipments.filtered(lambda shipment: shipment.line_id.sale_line_id != shipment.move_id.sale_line_id).unlink()

    def _notice_give_back(self, shipments, surplus):
        """Take off the `shipments` of the move what a correction took off the move itself."""
        for shipment in shipments.sorted("id", reverse=True):
            part = min(surplus, shipment.quantity)
            shipment.quantity -= part
            surplus -= part
