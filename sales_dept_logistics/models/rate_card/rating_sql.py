"""The arithmetic of :mod:`.rating` in one query, for as many waybills as there are.

Each function is one step, a common table expression that reads the one before. A test compares the result with that of
:func:`.rating.rate` on random cards and shipments.
"""

from odoo.tools import SQL

from ...rating.rounding import CARRIED


def rating_sql(waybills, card=None, *, freight, fuel):
    """Return the expressions ``shipment``, ``priced`` and ``charge`` as the text between ``WITH`` and the query.

    ``priced`` has a row for each waybill with `waybill_id`, `card_id`, `charged_weight`, `state` (of the rating),
    `discount`, `fuel_percent` and `freight`; ``charge`` one for each waybill and kind: `waybill_id`, `kind_id`,
    `card_id`, `currency_id`, `amount`.

    :param SQL waybills: a query of the ids of waybills
    :param SQL card: which card prices them, an id; by default that which is in use for them
    :param int freight: id of the kind of charge; :param int fuel: likewise
    """
    return SQL(
        """
        shipment AS MATERIALIZED (%s),
        month_volume AS (%s),
        charged AS (%s),
        tiered AS (%s),
        priced AS MATERIALIZED (%s),
        charge AS (%s)
        """,
        _shipments(waybills, card),
        _month_volumes(),
        _charged(),
        _tiered(),
        _priced(),
        _charges(freight, fuel),
    )


# === SHIPMENTS AND THEIR CARDS === #


def _shipments(waybills, card):
    return SQL(
        """
        SELECT waybill.id AS waybill_id, waybill.company_id, waybill.carrier_id, waybill.mode, waybill.zone_id,
               waybill.shipped_date, waybill.statement_month,
               ROUND(COALESCE(waybill.weight, 0)::numeric, 3) AS weight,
               ROUND(COALESCE(waybill.volume, 0)::numeric, 6) AS volume,
               COALESCE(waybill.pieces, 0)::numeric AS pieces,
               ROUND(COALESCE(waybill.declared_value, 0)::numeric, 6) AS declared,
               ROUND(COALESCE(waybill.cash_amount, 0)::numeric, 6) AS cash,
               COALESCE(zone.is_remote, FALSE) AS remote,
               card.id AS card_id, card.currency_id, card.basis, card.tier_kind, card.tier_start, card.break_weight,
               card.volumetric_divisor::numeric AS divisor, card.minimum_amount AS minimum, card.fee_step,
               card.fee_rule, card.has_fuel, card.discount_basis,
               CASE WHEN card.discount_basis IS NULL THEN NULL
                    WHEN card.discount_month = 'before'
                         THEN (waybill.statement_month - interval '1 month')::date
                    ELSE waybill.statement_month END AS discount_of
          FROM freight_waybill waybill
     LEFT JOIN freight_zone zone ON zone.id = waybill.zone_id
     LEFT JOIN LATERAL (%(card)s) card ON TRUE
         WHERE waybill.id IN (%(waybills)s)
        """,
        card=_chosen_card(card) if card else _card_in_use(),
        waybills=waybills,
    )


def _chosen_card(card):
    return SQL("SELECT * FROM freight_rate_card WHERE id = %s", card)


def _card_in_use():
    """The card that was in use when the waybill's goods left; that of its transport goes before that of all."""
    return SQL(
        """
        SELECT card.*
          FROM freight_rate_card card
          JOIN sales_agreement agreement ON agreement.id = card.agreement_id
         WHERE card.state = 'in_use'
           AND card.company_id = waybill.company_id
           AND card.carrier_id = waybill.carrier_id
           AND (card.mode IS NULL OR card.mode = waybill.mode)
           AND card.date_from <= waybill.shipped_date
           AND (card.date_last IS NULL OR card.date_last >= waybill.shipped_date)
           AND (agreement.date_last IS NULL OR agreement.date_last >= waybill.shipped_date)
      ORDER BY card.mode IS NULL, card.id
         LIMIT 1
        """
    )


def _month_volumes():
    """What left with a carrier in each month that a discount goes by."""
    return SQL(
        """
        SELECT wanted.company_id, wanted.carrier_id, wanted.discount_of,
               COUNT(waybill.id)::numeric AS waybills,
               COALESCE(SUM(ROUND(waybill.weight::numeric, 3)), 0) AS weight
          FROM (SELECT DISTINCT company_id, carrier_id, discount_of
                  FROM shipment WHERE discount_of IS NOT NULL) wanted
     LEFT JOIN freight_waybill waybill
               ON waybill.company_id = wanted.company_id
              AND waybill.carrier_id = wanted.carrier_id
              AND waybill.statement_month = wanted.discount_of
      GROUP BY wanted.company_id, wanted.carrier_id, wanted.discount_of
        """
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


def _charged():
    return SQL(
        """
        SELECT shipment.*, measure.charged_weight,
               CASE shipment.basis WHEN 'weight' THEN measure.charged_weight
                                   WHEN 'volume' THEN ROUND(%(banded)s, 6)
                                   WHEN 'pieces' THEN shipment.pieces
                                   ELSE 1 END AS quantity,
               COALESCE(discount.percent, 0) AS discount,
               COALESCE(month_volume.volume, 0) AS month_volume,
               COALESCE(fuel.percent, 0) AS fuel_percent
          FROM shipment
    CROSS JOIN LATERAL (
               SELECT CASE WHEN shipment.divisor > 0
                           THEN GREATEST(shipment.weight, shipment.volume * 1000000 / shipment.divisor)
                           ELSE shipment.weight END AS heavier
               ) raw
     LEFT JOIN LATERAL (
               SELECT rounding.step, rounding.rule
                 FROM freight_rate_rounding rounding
                WHERE rounding.card_id = shipment.card_id
                  AND rounding.start_quantity
                      <= CASE shipment.basis WHEN 'weight' THEN raw.heavier ELSE shipment.volume END
             ORDER BY rounding.start_quantity DESC
                LIMIT 1
               ) band ON shipment.basis IN ('weight', 'volume')
    CROSS JOIN LATERAL (
               SELECT ROUND(CASE WHEN shipment.basis = 'weight' THEN %(banded_weight)s ELSE raw.heavier END, 3)
                      AS charged_weight
               ) measure
     LEFT JOIN LATERAL (
               SELECT CASE shipment.discount_basis WHEN 'weight' THEN volume.weight ELSE volume.waybills END AS volume
                 FROM month_volume volume
                WHERE volume.company_id = shipment.company_id
                  AND volume.carrier_id = shipment.carrier_id
                  AND volume.discount_of = shipment.discount_of
               ) month_volume ON shipment.discount_of IS NOT NULL
     LEFT JOIN LATERAL (
               SELECT discount.percent
                 FROM freight_rate_discount discount
                WHERE discount.card_id = shipment.card_id AND discount.start_volume <= month_volume.volume
             ORDER BY discount.start_volume DESC
                LIMIT 1
               ) discount ON shipment.discount_of IS NOT NULL
     LEFT JOIN LATERAL (
               SELECT fuel.percent
                 FROM freight_fuel_rate fuel
                WHERE fuel.company_id = shipment.company_id
                  AND fuel.carrier_id = shipment.carrier_id
                  AND fuel.month <= shipment.shipped_date
                  AND (fuel.mode IS NULL OR fuel.mode = shipment.mode)
             ORDER BY fuel.mode IS NULL, fuel.month DESC
                LIMIT 1
               ) fuel ON shipment.has_fuel
        """,
        banded=_to_step(SQL("shipment.volume"), SQL("band.step"), SQL("band.rule")),
        banded_weight=_to_step(SQL("raw.heavier"), SQL("band.step"), SQL("band.rule")),
    )


# === TIERS === #


def _tiered():
    """Each shipment with its tier, the next one where the card knows a break weight, and the sum of the slices."""
    return SQL(
        """
        SELECT charged.*, places.zone, tier.id AS tier_id, tier.start_quantity, tier.minimum_amount,
               tier.fixed_amount + GREATEST(charged.quantity - tier.included_quantity, 0) * tier.price AS slab,
               slices.amount AS slices,
               following.minimum_amount AS following_minimum,
               following.fixed_amount
               + GREATEST(following.start_quantity - following.included_quantity, 0) * following.price AS at_break
          FROM charged
    CROSS JOIN LATERAL (
               SELECT CASE WHEN EXISTS (SELECT FROM freight_rate_tier own
                                         WHERE own.card_id = charged.card_id
                                           AND COALESCE(own.zone_id, 0) = charged.zone_id)
                           THEN charged.zone_id ELSE 0 END AS zone
               ) places
     LEFT JOIN LATERAL (
               SELECT tier.*
                 FROM freight_rate_tier tier
                WHERE tier.card_id = charged.card_id
                  AND COALESCE(tier.zone_id, 0) = places.zone
                  AND tier.start_quantity <= charged.quantity
                  AND (charged.tier_start = 'from' OR tier.start_quantity < charged.quantity)
             ORDER BY tier.start_quantity DESC
                LIMIT 1
               ) tier ON TRUE
     LEFT JOIN LATERAL (
               SELECT tier_after.*
                 FROM freight_rate_tier tier_after
                WHERE tier_after.card_id = charged.card_id
                  AND COALESCE(tier_after.zone_id, 0) = places.zone
                  AND tier_after.start_quantity > tier.start_quantity
             ORDER BY tier_after.start_quantity
                LIMIT 1
               ) following ON charged.break_weight AND charged.tier_kind = 'slab'
     LEFT JOIN LATERAL (
               SELECT SUM(slice.fixed_amount + slice.price
                          * GREATEST(LEAST(charged.quantity, COALESCE(slice.ends, charged.quantity))
                                     - GREATEST(slice.start_quantity, slice.included_quantity), 0)) AS amount
                 FROM (SELECT part.*, LEAD(part.start_quantity) OVER (ORDER BY part.start_quantity) AS ends
                         FROM freight_rate_tier part
                        WHERE part.card_id = charged.card_id
                          AND COALESCE(part.zone_id, 0) = places.zone
                          AND part.start_quantity <= tier.start_quantity) slice
               ) slices ON charged.tier_kind = 'cumulative'
        """
    )


def _fee(amount):
    """`amount` rounded as the card rounds its charges."""
    return _to_step(SQL("ROUND(%s, %s)", amount, CARRIED), SQL("tiered.fee_step"), SQL("tiered.fee_rule"))


def _due(amount, minimum):
    """What is due of the `amount` of a tier: less the month's discount, rounded, at least the minimum."""
    return SQL(
        "GREATEST(%s, COALESCE(NULLIF(%s, 0), tiered.minimum))",
        _fee(SQL("(%s) * (100 - tiered.discount) * 0.01", amount)),
        minimum,
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
               CASE WHEN tiered.quantity = 0 THEN NULL
                    WHEN tiered.tier_kind = 'cumulative' THEN %(slices)s
                    ELSE LEAST(%(slab)s, CASE WHEN tiered.at_break IS NOT NULL THEN %(at_break)s END) END AS freight
          FROM tiered
        """,
        slices=_due(SQL("tiered.slices"), SQL("tiered.minimum_amount")),
        slab=_due(SQL("tiered.slab"), SQL("tiered.minimum_amount")),
        at_break=_due(SQL("tiered.at_break"), SQL("tiered.following_minimum")),
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
