"""Where a line of an order came from, told in a way that no client can."""


class SystemOrigin(str):
    """The value of `system_origin` that a process of Odoo's own hands to `create`.

    What a client sends, over RPC, by import or in its context, arrives as a plain text, so it is never one of these.
    """


EXPENSE = SystemOrigin("expense")
DOWN_PAYMENT = SystemOrigin("down_payment")

# Odoo's flags for what its own processes add to an order, and the origin that each stands for.
FLAGS = {"is_expense": EXPENSE, "is_downpayment": DOWN_PAYMENT}


def fill_origins(cr):
    """Give lines that are there already their origin, by what a process of Odoo's own left behind with them."""
    cr.execute(
        """
        UPDATE sale_order_line line SET system_origin = 'expense'
        WHERE line.is_expense AND EXISTS (
            SELECT FROM account_analytic_line cost WHERE cost.so_line = line.id AND cost.move_line_id IS NOT NULL
        )
        """
    )
    cr.execute(
        """
        UPDATE sale_order_line line SET system_origin = 'down_payment'
        WHERE line.is_downpayment AND (line.display_type IS NOT NULL OR EXISTS (
            SELECT FROM sale_order_line_invoice_rel rel WHERE rel.order_line_id = line.id
        ))
        """
    )
