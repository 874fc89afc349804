import re
import unicodedata
from collections import defaultdict
from pathlib import PurePath

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

# Shorter ones are pages and copies: "SF1234 (2).jpg". A file that is named by nothing else is taken at its word.
SHORTEST_NUMBER = 5
# A number has dashes and spaces in it, but not many.
MOST_WORDS = 8
WORD = re.compile(r"[A-Za-z0-9]+")


class FreightWaybillScan(models.Model):
    """A scan whose waybill was not found by the file's name: it is kept until somebody says whose it is."""

    _name = "freight.waybill.scan"
    _description = "Scan without Waybill"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, index=True
    )
    carrier_id = fields.Many2one("delivery.carrier", index="btree_not_null", ondelete="cascade", check_company=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "Scan", required=True, readonly=True, ondelete="cascade", index=True
    )
    reason = fields.Selection(
        [("unknown", "No waybill of this number"), ("several", "Several waybills of this number")],
        "Why",
        required=True,
        readonly=True,
    )
    candidate_ids = fields.Many2many("freight.waybill", string="Which of These", readonly=True)
    waybill_id = fields.Many2one(
        "freight.waybill", ondelete="cascade", index="btree_not_null", check_company=True, help="Whose scan this is."
    )

    @api.model
    def _file(self, files, company, carrier):
        """File scans by the numbers in their names; return the waybills that got one, and the scans that are left.

        :param files: attachments
        :param carrier: whose waybills they are; none: of any carrier
        """
        found = self._match(files.mapped("name"), company, carrier)
        waybills, left = defaultdict(files.browse), []
        for file in files:
            candidates = found[file.name]
            if len(candidates) == 1:
                waybills[candidates] |= file
            else:
                left.append(self._prepare_scan_values(file, company, carrier, candidates))
        for waybill, papers in waybills.items():
            waybill.with_env(self.env)._file_papers(papers)
        scans = self.create(left)
        for scan in scans:
            # With the scan it stays, and with the scan it goes.
            scan.attachment_id.sudo().write({"res_model": self._name, "res_id": scan.id})
        return self.env["freight.waybill"].union(*waybills), scans

    @api.model
    def _prepare_scan_values(self, file, company, carrier, candidates):
        return {
            "name": file.name,
            "company_id": company.id,
            "carrier_id": carrier.id,
            "attachment_id": file.id,
            "reason": "several" if candidates else "unknown",
            "candidate_ids": [Command.set(candidates.ids)],
        }

    @api.model
    def _match(self, names, company, carrier):
        """Return ``{file name: waybills}`` of the longest number in the name; in one query for all names."""
        Waybill = self.env["freight.waybill"]
        carriers = carrier or self.env["delivery.carrier"].sudo().with_context(active_test=False).search(
            Domain("company_id", "in", [False, company.id])
        )
        rules = carriers.sudo().grouped(lambda carrier: carrier._number_rules())
        words = {word for name in names for word in numbers_in(name)}
        domains = []
        for rule, of_rule in rules.items():
            keys = {rule.key(word) for word in words} - {""}
            domains.append(Domain("carrier_id", "in", of_rule.ids) & Domain("number_key", "in", list(keys)))
        waybills = Waybill.search_fetch(
            Domain("company_id", "=", company.id) & Domain.OR(domains), ["carrier_id", "number_key"]
        )
        by_number = waybills.grouped(lambda waybill: (waybill.carrier_id.sudo()._number_rules(), waybill.number_key))
        return {name: self._of_longest_number(name, by_number, rules) for name in names}

    @api.model
    def _of_longest_number(self, name, by_number, rules):
        """The waybills of the longest number in a file's name: a part of it may be another waybill's number.

        :param by_number: ``{(rule, key): waybills}``
        """
        words = defaultdict(list)
        for word in numbers_in(name):
            words[sum(map(str.isalnum, word))].append(word)
        nothing = self.env["freight.waybill"]
        for _length, longest in sorted(words.items(), reverse=True):
            found = [by_number.get((rule, rule.key(word)), nothing) for word in longest for rule in rules]
            if any(found):
                return nothing.union(*found)
        return nothing

    # === ACTIONS === #

    def action_file(self):
        """Put the scans on the waybills that were chosen for them."""
        if missing := self.filtered(lambda scan: not scan.waybill_id)[:1]:
            raise UserError(self.env._("%(file)s: choose the waybill that it belongs to.", file=missing.name))
        for scan in self:
            scan.waybill_id._file_papers(scan.attachment_id)
        self.unlink()
        return True

    def action_match_again(self):
        """Look for the waybills anew: they may have been written down since."""
        filed = self.browse()
        for (company, carrier), scans in self.grouped(lambda scan: (scan.company_id, scan.carrier_id)).items():
            found = self._match(scans.mapped("name"), company, carrier)
            for scan in scans:
                if len(found[scan.name]) == 1:
                    found[scan.name]._file_papers(scan.attachment_id)
                    filed |= scan
        count = len(filed)
        filed.unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "warning",
                "message": self.env._("Filed: %(count)s. Left: %(left)s.", count=count, left=len(self) - count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_file(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.attachment_id.id}", "target": "new"}


def numbers_in(file_name):
    """What may be a waybill's number in the name of a file: words, and words that follow each other.

    >>> sorted(numbers_in("顺丰DP-2026 00317_2.pdf") - {"顺丰DP-2026 00317_2"})
    ['00317', '00317_2', '2026 00317', '2026 00317_2', 'DP-2026', 'DP-2026 00317', 'DP-2026 00317_2']
    """
    stem = unicodedata.normalize("NFKC", PurePath(file_name or "").stem)
    words = list(WORD.finditer(stem))
    parts = {stem[first.start() : last.end()] for at, first in enumerate(words) for last in words[at : at + MOST_WORDS]}
    return {part for part in parts if sum(map(str.isalnum, part)) >= SHORTEST_NUMBER} | {stem}
