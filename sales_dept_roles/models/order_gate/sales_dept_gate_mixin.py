from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from .gate import Gate


class SalesDeptGateMixin(models.AbstractModel):
    """What a document needs before it enters a state, whoever brings it there and on whatever path.

    A feature registers what it asks for by declaring a :class:`Gate` on its class. The document's own model has one
    ``create`` and one ``write`` that ask, set-based and once per transition; they leave what else a feature does when
    the document is written to :meth:`_door_values`, :meth:`_door_before`, :meth:`_door_after` and
    :meth:`_door_passed`.
    """

    _name = "sales.dept.gate.mixin"
    _description = "Gates of a Document"

    # === REGISTRATION === #

    @api.model
    @ormcache()
    def _gates(self):
        """Return the gates that features declared on this model, those of lower layers first."""
        return tuple(
            value
            for cls in reversed(self.env.registry[self._name].mro())
            for value in vars(cls).values()
            if isinstance(value, Gate)
        )

    @api.model
    def _gate_party_fields(self):
        """Fields whose change may bring other parties into a document (see :class:`Gate`)."""
        return {"company_id"}

    # === ASKING === #

    def _gate_messages(self, state):
        """Return what keeps those of `self` that want to enter `state` from doing so now.

        :return: ``{id: [sentence]}``; records that may enter are left out
        """
        return self._gate_ask({gate: self._gate_needing(gate) for gate in self._gates() if state in gate.states})

    def _gate_needing(self, gate):
        """Return those of `self` that need what `gate` asks for; nobody does where the company has no such policy."""
        companies = self.sudo().company_id.filtered(lambda company: company[gate.policy] not in (False, "off"))
        asked = self.filtered(lambda record: record.sudo().company_id in companies) if companies else self.browse()
        return getattr(asked, gate.required)() if asked else asked

    def _gate_supposing(self, name, policy):
        """Say whom a gate would keep back among `self` if its policy were another, by the rules that it goes by.

        :param str name: what the gate is called
        :param policy: value supposed in place of the company's own
        :return: those of `self` that would need what the gate asks for, and those of them that lack it as they are now
        """
        (gate,) = (gate for gate in self._gates() if gate.name == name)
        needing = getattr(self, gate.required)(policy) if self else self
        return needing, self._gate_missing({gate: needing}).get(gate, self.browse())

    @api.model
    def _gate_ask(self, needing):
        """Ask the gates of ``{gate: records that need what it asks for}``, all of them together.

        :return: ``{id: [sentence]}`` of those that lack it
        """
        messages = {}
        for gate, missing in self._gate_missing(needing).items():
            for record_id, sentence in getattr(missing, gate.messages)().items():
                messages.setdefault(record_id, []).append(sentence)
        return messages

    @api.model
    def _gate_missing(self, needing):
        """Return ``{gate: those that lack it}`` of ``{gate: records that need what it asks for}``."""
        documents = {
            gate: getattr(records.sudo(), gate.documents)()
            for gate, records in needing.items()
            if gate.documents and records
        }
        lacking = dict(zip(documents, self.env["sales.approval"]._lacking(*documents.values()), strict=True))
        missing = {
            gate: getattr(records, gate.missing)(records, lacking.get(gate))
            for gate, records in needing.items()
            if records
        }
        return {gate: records for gate, records in missing.items() if records}

    def _gate_sentences(self, name):
        """Return ``{id: sentence}`` of those of `self` which the one gate `name` would keep back."""
        messages = self._gate_ask({gate: self._gate_needing(gate) for gate in self._gates() if gate.name == name})
        return {record_id: " ".join(sentences) for record_id, sentences in messages.items()}

    def _gate_held(self, state):
        """Return those of `self` that may not enter `state` now."""
        messages = self._gate_messages(state)
        return self.filtered(lambda record: record.id in messages)

    def _check_gates(self, state):
        """:raises UserError: with a sentence for all that keeps one of `self` from entering `state`"""
        self._raise_gate_messages(self._gate_messages(state))

    @api.model
    def _raise_gate_messages(self, messages):
        if messages:
            # What holds several of them is said once.
            said = dict.fromkeys(sentence for sentences in messages.values() for sentence in sentences)
            raise UserError("\n".join(said))

    # === THE DOOR === #

    def _door_values(self, vals):
        """Return `vals` as they are to be written (empty `self`: created); a feature may refuse or complete them."""
        return vals

    @api.model
    def _door_refused_defaults(self):
        """Fields for which a client's defaults do not count: they would set them past :meth:`_door_values`."""
        return set()

    def _door_before(self, vals):
        """Return what features have to know of `self` as it was before `vals` are written, as a dict."""
        return {}

    def _door_after(self, vals, before):
        """Follow up on what was written, before the gates are asked.

        :param dict before: what :meth:`_door_before` returned
        """

    def _door_created(self, vals_list):
        """Follow up on what was created with `vals_list`, before the gates are asked."""

    def _door_passed(self, crossing, needing):
        """Follow up on what passed the gates just now.

        :param dict crossing: ``{gate: (records, those that needed it before)}``
        :param dict needing: ``{gate: those of them that need it as they are now}``
        """

    def _gate_crossing(self, vals):
        """Return ``{gate: (records that `vals` bring into a state of it, those of them that need it before)}``."""
        crossing = {}
        if "state" not in vals:
            return crossing
        for gate in self._gates():
            if vals["state"] in gate.states:
                entering = self.filtered(lambda record: record.state != vals["state"])
                crossing[gate] = (entering, entering._gate_needing(gate))
        return crossing

    def _gate_parties(self, vals):
        """Return ``{gate: {record: parties}}`` of `self` where `vals` may bring in others."""
        if not vals.keys() & self._gate_party_fields():
            return {}
        return {
            gate: {record: getattr(record, gate.parties)() for record in self.sudo() if record.state in gate.states}
            for gate in self._gates()
        }

    def _gate_cross(self, crossing, parties):
        """Ask the gates that a write led through, on what it made of the documents.

        :param dict crossing: what :meth:`_gate_crossing` returned before the write
        :param dict parties: what :meth:`_gate_parties` returned before it
        :raises UserError: with the sentences of all gates
        """
        if not crossing and not parties:
            return
        none = self.browse()
        passed = {}
        for gate in self._gates():
            entering, needing = crossing.get(gate, (none, none))
            joined = [
                record.id
                for record, before in parties.get(gate, {}).items()
                if record.state in gate.states and getattr(record, gate.parties)() - before
            ]
            if asked := entering | self.browse(joined):
                passed[gate] = (asked, needing)
        self._gate_pass(passed)

    def _gate_check_created(self):
        """Ask the gates of what was created in a state already; looked at afterwards, as it may be a default."""
        self._gate_pass(
            {
                gate: (entered, entered.browse())
                for gate in self._gates()
                if (entered := self.filtered(lambda record, gate=gate: record.state in gate.states))
            }
        )

    @api.model
    def _gate_pass(self, crossing):
        """Ask the gates of ``{gate: (records, those that needed it before)}``, and tell the features who passed."""
        if not crossing:
            return
        # Conditions of flows may speak of what the transition itself changes: what was needed before is, too.
        needing = {gate: records._gate_needing(gate) for gate, (records, _before) in crossing.items()}
        self._raise_gate_messages(
            self._gate_ask({gate: needing[gate] | before for gate, (_records, before) in crossing.items()})
        )
        self._door_passed(crossing, needing)
