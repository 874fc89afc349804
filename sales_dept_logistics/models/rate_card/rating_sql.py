"""The arithmetic of :mod:`.rating` in one query, for as many waybills as there are.

Each function is one step, a common table expression that reads the one before. A test compares the result with that of
:func:`.rating.rate` on random cards and shipments.
"""

from odoo.tools import SQL

from ...rating.rounding import CARRIED

TIERED = SQL("tiered")


def rating_sql(waybills, card=None, *, freight, fuel, carrier=None, zones=None):
    """Return the expressions ``shipment``, ``priced`` and ``charge`` as the text between ``WITH`` and the query.

    ``priced`` has a row for each waybill with `waybill_id`, `card_id`, `charged_weight`, `state` (of the rating),
    `discount`, `fuel_percent` and `freight`; ``charge`` one for each waybill and kind: `waybill_id`, `kind_id`,
    `card_id`, `currency_id`, `amount`.

    :param SQL waybills: a query of the ids of waybills
    :param SQL card: which card prices them, an id; by default that which is in use for them
    :param int freight: id of the kind of charge; :param int fuel: likewise
    :param SQL carrier: as if they had gone with this one, an id; then `zones` is a query ``waybill_id, zone_id``
    """
    return SQL(
        """
        waybill_of AS MATERIALIZED (%s),
        card_of AS MATERIALIZED (%s),
        shipment AS MATERIALIZED (%s),
        fuel_of AS MATERIALIZED (%s),
        month_volume AS MATERIALIZED (%s),
        band AS MATERIALIZED (%s),
        discount AS MATERIALIZED (%s),
        ladder AS MATERIALIZED (%s),
        charged AS MATERIALIZED (%s),
        tiered AS (%s),
        priced AS MATERIALIZED (%s),
        charge AS (%s)
        """,
        _waybills(waybills, carrier, zones),
        _cards(card),
        _shipments(),
        _fuel_rates(),
        _month_volumes(freight),
        _steps_of("freight_rate_rounding", "start_quantity", SQL("part.step, part.rule")),
        _steps_of("freight_rate_discount", "start_volume", SQL("part.percent")),
        _ladder(),
        _charged(),
        _tiered(),
        _priced(),
        _charges(freight, fuel),
    )


# === SHIPMENTS AND THEIR CARDS === #


def _waybills(waybills, carrier, zones):
    return SQL(
        """
        SELECT waybill.id AS waybill_id, waybill.company_id, %s AS carrier_id, waybill.mode,
               COALESCE(waybill.mode, '') AS mode_key, %s AS zone_id, waybill.shipped_date,
               waybill.statement_month,
               ROUND(COALESCE(waybill.weight, 0)::numeric, 3) AS weight,
               ROUND(COALESCE(waybill.volume, 0)::numeric, 6) AS volume,
               COALESCE(waybill.pieces, 0)::numeric AS pieces,
               ROUND(COALESCE(waybill.declared_value, 0)::numeric, 6) AS declared,
               ROUND(COALESCE(waybill.cash_amount, 0)::numeric, 6) AS cash
          FROM freight_waybill waybill %s
         WHERE waybill.id IN (%s)
        """,
        carrier or SQL("waybill.carrier_id"),
        SQL("theirs.zone_id") if carrier else SQL("waybill.zone_id"),
        SQL("LEFT JOIN (%s) theirs ON theirs.waybill_id = waybill.id", zones) if carrier else SQL(),
        waybills,
    )


def _cards(card):
    """Which card prices what leaves with a carrier on a day: many waybills have the same."""
    return SQL(
        """
        SELECT of.*, card.id AS card_id
          FROM (SELECT DISTINCT company_id, carrier_id, mode, mode_key, shipped_date FROM waybill_of) of
    CROSS JOIN LATERAL (%s) card
        """,
        SQL("SELECT %s AS id", card) if card else _card_in_use(),
    )


def _card_in_use():
    """The card that was in use when the goods left; that of their transport goes before that of all."""
    return SQL(
        """
        SELECT card.id
          FROM freight_rate_card card
          JOIN sales_agreement agreement ON agreement.id = card.agreement_id
         WHERE card.state = 'in_use'
           AND card.company_id = of.company_id
           AND card.carrier_id = of.carrier_id
           AND (card.mode IS NULL OR card.mode = of.mode)
           AND card.date_from <= of.shipped_date
           AND (card.date_last IS NULL OR card.date_last >= of.shipped_date)
           AND (agreement.date_last IS NULL OR agreement.date_last >= of.shipped_date)
      ORDER BY card.mode IS NULL, card.id
         LIMIT 1
        """
    )


def _shipments():
    return SQL(
        """
        SELECT waybill.*, COALESCE(zone.is_remote, FALSE) AS remote,
               card.id AS card_id, card.currency_id, card.basis, card.tier_kind, card.tier_start, card.break_weight,
               card.minimum_amount AS minimum, card.fee_step, card.fee_rule, card.has_fuel, card.discount_basis,
               CASE WHEN card.volumetric_divisor > 0
                    THEN GREATEST(waybill.weight, waybill.volume * 1000000 / card.volumetric_divisor::numeric)
                    ELSE waybill.weight END AS heavier,
               CASE WHEN card.discount_basis IS NULL THEN NULL
                    WHEN card.discount_month = 'before'
                         THEN (waybill.statement_month - interval '1 month')::date
                    ELSE waybill.statement_month END AS discount_of
          FROM waybill_of waybill
     LEFT JOIN card_of USING (company_id, carrier_id, mode_key, shipped_date)
     LEFT JOIN freight_rate_card card ON card.id = card_of.card_id
     LEFT JOIN freight_zone zone ON zone.id = waybill.zone_id
        """
    )


def _fuel_rates():
    """The fuel surcharge of each month in which something left; that of its transport goes before that of all."""
    return SQL(
        """
        SELECT of.*, fuel.percent
          FROM (SELECT DISTINCT company_id, carrier_id, mode_key, date_trunc('month', shipped_date)::date AS month
                  FROM shipment WHERE has_fuel) of
    CROSS JOIN LATERAL (
               SELECT fuel.percent
                 FROM freight_fuel_rate fuel
                WHERE fuel.company_id = of.company_id AND fuel.carrier_id = of.carrier_id
                  AND fuel.month <= of.month AND COALESCE(fuel.mode, '') IN ('', of.mode_key)
             ORDER BY fuel.mode IS NULL, fuel.month DESC
                LIMIT 1
               ) fuel
        """
    )


def _month_volumes(freight):
    """What left with a carrier in each month that a discount goes by, in what it is counted in."""
    return SQL(
        """
        SELECT wanted.company_id, wanted.carrier_id, wanted.discount_of, wanted.discount_basis, wanted.currency_id,
               CASE wanted.discount_basis
                    WHEN 'waybills' THEN COUNT(waybill.id)::numeric
                    WHEN 'weight' THEN COALESCE(SUM(ROUND(waybill.weight::numeric, 3)), 0)
                    ELSE COALESCE(SUM(CASE WHEN wanted.discount_basis = 'amount' THEN (
                         SELECT charge.expected_amount FROM freight_waybill_charge charge
                          WHERE charge.waybill_id = waybill.id AND charge.kind_id = %s
                            AND charge.currency_id = wanted.currency_id) END), 0) END AS volume
          FROM (SELECT DISTINCT company_id, carrier_id, discount_of, discount_basis, currency_id
                  FROM shipment WHERE discount_of IS NOT NULL) wanted
     LEFT JOIN freight_waybill waybill
               ON waybill.company_id = wanted.company_id
              AND waybill.carrier_id = wanted.carrier_id
              AND waybill.statement_month = wanted.discount_of
      GROUP BY wanted.company_id, wanted.carrier_id, wanted.discount_of, wanted.discount_basis, wanted.currency_id
        """,
        freight,
    )


# === WHAT IS CHARGED === #


def _to_step(number, step, rule):
    return SQL(
        """
        CASE %(rule)s WHEN 'up' THEN CEIL(%(number)s / %(step)s) * %(step)s
                      WHEN 'down' THEN FLOOR(%(number)s / %(step)s) * %(step)s
                      WHEN 'nearest' THEN ROUND(%(number)s / %(step)s) * %(step)s
                      ELSE %(number)s END
        """,
        number=number,
        step=step,
        rule=rule,
    )


def _steps_of(table, start, values):
    """The rows of the cards in `table`, each with where it starts and where the next one does."""
    return SQL(
        """
        SELECT part.card_id, part.%(start)s AS starts, %(values)s,
               LEAD(part.%(start)s) OVER (PARTITION BY part.card_id ORDER BY part.%(start)s) AS ends
          FROM %(table)s part
         WHERE part.card_id IN (SELECT card_id FROM shipment)
        """,
        table=SQL.identifier(table),
        start=SQL.identifier(start),
        values=values,
    )


def _charged():
    return SQL(
        """
        SELECT shipment.*, measure.charged_weight,
               CASE shipment.basis WHEN 'weight' THEN measure.charged_weight
                                   WHEN 'volume' THEN ROUND(%(banded)s, 6)
                                   WHEN 'pieces' THEN shipment.pieces
                                   ELSE 1 END AS quantity,
               COALESCE(own.zone_id, 0) AS tier_zone,
               COALESCE(discount.percent, 0) AS discount,
               COALESCE(month_volume.volume, 0) AS month_volume,
               COALESCE(fuel_of.percent, 0) AS fuel_percent
          FROM shipment
     LEFT JOIN band ON band.card_id = shipment.card_id
                   AND shipment.basis IN ('weight', 'volume')
                   AND band.starts <= CASE shipment.basis WHEN 'weight' THEN shipment.heavier ELSE shipment.volume END
                   AND (band.ends IS NULL OR band.ends
                        > CASE shipment.basis WHEN 'weight' THEN shipment.heavier ELSE shipment.volume END)
    CROSS JOIN LATERAL (
               SELECT ROUND(CASE WHEN shipment.basis = 'weight' THEN %(banded_weight)s ELSE shipment.heavier END, 3)
                      AS charged_weight
               ) measure
     LEFT JOIN (SELECT DISTINCT card_id, zone_id FROM ladder WHERE zone_id <> 0) own
               ON own.card_id = shipment.card_id AND own.zone_id = shipment.zone_id
     LEFT JOIN month_volume
               ON month_volume.company_id = shipment.company_id
              AND month_volume.carrier_id = shipment.carrier_id
              AND month_volume.discount_of = shipment.discount_of
              AND month_volume.discount_basis = shipment.discount_basis
              AND month_volume.currency_id = shipment.currency_id
     LEFT JOIN discount ON discount.card_id = shipment.card_id
                       AND discount.starts <= month_volume.volume
                       AND (discount.ends IS NULL OR discount.ends > month_volume.volume)
     LEFT JOIN fuel_of ON shipment.has_fuel
                      AND fuel_of.company_id = shipment.company_id
                      AND fuel_of.carrier_id = shipment.carrier_id
                      AND fuel_of.mode_key = shipment.mode_key
                      AND fuel_of.month = date_trunc('month', shipment.shipped_date)::date
        """,
        banded=_to_step(SQL("shipment.volume"), SQL("band.step"), SQL("band.rule")),
        banded_weight=_to_step(SQL("shipment.heavier"), SQL("band.step"), SQL("band.rule")),
    )


# === TIERS === #


def _ladder():
    """The tiers of the cards, each with what the slices of all before it come to."""
    return SQL(
        """
        SELECT tier.*,
               COALESCE(SUM(tier.fixed + tier.price * GREATEST(tier.ends - GREATEST(tier.start, tier.included), 0))
                        OVER (PARTITION BY tier.card_id, tier.zone_id ORDER BY tier.start
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS below
          FROM (SELECT tier.id, tier.card_id, COALESCE(tier.zone_id, 0) AS zone_id, tier.start_quantity AS start,
                       tier.fixed_amount AS fixed, tier.included_quantity AS included, tier.price,
                       tier.minimum_amount AS minimum,
                       LEAD(tier.start_quantity) OVER (PARTITION BY tier.card_id, COALESCE(tier.zone_id, 0)
                                                       ORDER BY tier.start_quantity) AS ends
                  FROM freight_rate_tier tier
                 WHERE tier.card_id IN (SELECT card_id FROM shipment)) tier
        """
    )


def _tiered():
    """Each shipment with its tier, and what is due at the cheapest break weight above it."""
    return SQL(
        """
        SELECT charged.*, tier.id AS tier_id, tier.minimum AS tier_minimum,
               CASE charged.tier_kind
                    WHEN 'cumulative' THEN tier.below + tier.fixed
                         + GREATEST(charged.quantity - GREATEST(tier.start, tier.included), 0) * tier.price
                    ELSE tier.fixed + GREATEST(charged.quantity - tier.included, 0) * tier.price END AS amount,
               broken.due AS at_break
          FROM charged
     LEFT JOIN LATERAL (
               SELECT tier.id
                 FROM freight_rate_tier tier
                WHERE tier.card_id = charged.card_id
                  AND COALESCE(tier.zone_id, 0) = charged.tier_zone
                  AND tier.start_quantity <= charged.quantity
                  AND (charged.tier_start = 'from' OR tier.start_quantity < charged.quantity)
             ORDER BY tier.start_quantity DESC
                LIMIT 1
               ) found ON TRUE
     LEFT JOIN ladder tier ON tier.id = found.id
     LEFT JOIN LATERAL (
               SELECT MIN(%(at_break)s) AS due
                 FROM freight_rate_tier higher
                WHERE charged.break_weight AND charged.tier_kind = 'slab'
                  AND higher.card_id = charged.card_id
                  AND COALESCE(higher.zone_id, 0) = charged.tier_zone
                  AND higher.start_quantity > tier.start
               ) broken ON TRUE
        """,
        at_break=_due(
            SQL("higher.fixed_amount + GREATEST(higher.start_quantity - higher.included_quantity, 0) * higher.price"),
            SQL("higher.minimum_amount"),
            SQL("charged"),
        ),
    )


def _fee(amount, of=TIERED):
    """`amount` rounded as the card rounds its charges."""
    return _to_step(SQL("ROUND(%s, %s)", amount, CARRIED), SQL("%s.fee_step", of), SQL("%s.fee_rule", of))


def _due(amount, minimum, of=TIERED):
    """What is due of the `amount` of a tier: less the month's discount, rounded, at least the minimum.

    :param SQL of: the relation that holds the shipment
    """
    return SQL(
        "GREATEST(%(fee)s, COALESCE(NULLIF(%(minimum)s, 0), %(of)s.minimum))",
        fee=_fee(SQL("(%s) * (100 - %s.discount) * 0.01", amount, of), of),
        minimum=minimum,
        of=of,
    )


def _priced():
    return SQL(
        """
        SELECT tiered.waybill_id, tiered.company_id, tiered.zone_id, tiered.shipped_date, tiered.weight,
               tiered.volume, tiered.pieces, tiered.declared, tiered.cash, tiered.remote,
               tiered.card_id, tiered.currency_id, tiered.fee_step, tiered.fee_rule,
               tiered.charged_weight, tiered.discount, tiered.month_volume, tiered.fuel_percent,
               CASE WHEN tiered.card_id IS NULL THEN 'no_card'
                    WHEN tiered.quantity = 0 THEN 'no_quantity'
                    WHEN tiered.tier_id IS NOT NULL THEN 'rated'
                    WHEN tiered.zone_id IS NULL
                         AND NOT EXISTS (SELECT FROM freight_rate_tier any_tier
                                          WHERE any_tier.card_id = tiered.card_id
                                            AND COALESCE(any_tier.zone_id, 0) = 0) THEN 'no_zone'
                    ELSE 'no_tier' END AS state,
               CASE WHEN tiered.quantity > 0 THEN LEAST(%s, tiered.at_break) END AS freight
          FROM tiered
        """,
        _due(SQL("tiered.amount"), SQL("tiered.tier_minimum")),
    )


# === CHARGES === #


def _charges(freight, fuel):
    tiered = SQL("priced tiered")
    return SQL(
        """
        SELECT part.waybill_id, part.kind_id, part.card_id, part.currency_id, SUM(part.amount) AS amount
          FROM (SELECT waybill_id, %(freight)s AS kind_id, card_id, currency_id, freight AS amount
                  FROM priced WHERE state = 'rated'
                 UNION ALL
                SELECT tiered.waybill_id, %(fuel)s, tiered.card_id, tiered.currency_id, %(fuel_amount)s
                  FROM %(tiered)s WHERE tiered.state = 'rated' AND tiered.fuel_percent > 0
                 UNION ALL
                %(surcharges)s) part
      GROUP BY part.waybill_id, part.kind_id, part.card_id, part.currency_id
        HAVING SUM(part.amount) <> 0 OR part.kind_id = %(freight)s
        """,
        freight=freight,
        fuel=fuel,
        fuel_amount=_fee(SQL("tiered.freight * tiered.fuel_percent * 0.01")),
        tiered=tiered,
        surcharges=_surcharges(tiered),
    )


def _surcharges(tiered):
    return SQL(
        """
        SELECT tiered.waybill_id, surcharge.kind_id, tiered.card_id, tiered.currency_id,
               LEAST(GREATEST(%(amount)s, surcharge.minimum_amount), NULLIF(surcharge.most_amount, 0))
          FROM %(tiered)s
          JOIN freight_rate_surcharge surcharge ON surcharge.card_id = tiered.card_id
    CROSS JOIN LATERAL (
               SELECT CASE surcharge.method WHEN 'fixed' THEN 1
                                            WHEN 'weight' THEN tiered.charged_weight
                                            WHEN 'piece' THEN tiered.pieces
                                            WHEN 'freight' THEN tiered.freight * 0.01
                                            WHEN 'value' THEN tiered.declared * 0.01
                                            WHEN 'cash' THEN tiered.cash * 0.01 END AS base
               ) measure
         WHERE tiered.state = 'rated'
           AND measure.base <> 0
           AND (surcharge.above_weight = 0 OR tiered.charged_weight > surcharge.above_weight)
           AND CASE surcharge.condition
                    WHEN 'always' THEN TRUE
                    WHEN 'remote' THEN tiered.remote
                    WHEN 'zones' THEN EXISTS (
                         SELECT FROM freight_rate_surcharge_zone_rel rel
                          WHERE rel.surcharge_id = surcharge.id AND rel.zone_id = tiered.zone_id)
                    ELSE EXISTS (
                         SELECT FROM freight_waybill_service_rel rel
                          WHERE rel.waybill_id = tiered.waybill_id AND rel.kind_id = surcharge.kind_id) END
        """,
        amount=_fee(SQL("surcharge.amount * measure.base")),
        tiered=tiered,
    )
