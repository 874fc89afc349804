import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { addLoadingEffect } from "@web/core/utils/ui";
import { redirect } from "@web/core/utils/urls";

import { SignatureForm } from "@portal/signature_form/signature_form";

/**
 * The customer signs for goods, and says what of them did not arrive in order. What she entered stays there until it
 * is accepted; whether it adds up is the server's to say.
 */
export class DeliverySignForm extends SignatureForm {
    static template = "sales_dept_logistics.DeliverySignForm";

    setup() {
        super.setup();
        this.delivery = useState({
            isAmiss: false,
            goods: this.props.goods.map((line) => ({
                ...line,
                qty_damaged: "",
                qty_lost: "",
                qty_refused: "",
                sign_reason: "",
            })),
        });
    }

    get received() {
        if (!this.delivery.isAmiss) {
            return [];
        }
        return this.delivery.goods.map(({ id, qty_damaged, qty_lost, qty_refused, sign_reason }) => ({
            line_id: id,
            qty_damaged,
            qty_lost,
            qty_refused,
            sign_reason,
        }));
    }

    /** Unlike Odoo's own, it can be pressed again after a refusal. */
    async onClickSubmit(event) {
        const restore = addLoadingEffect(event.currentTarget);
        try {
            const answer = await rpc(this.props.callUrl, {
                name: this.signature.name,
                signature: this.signature.getSignatureImage().split(",")[1],
                received: this.received,
            });
            if (answer.redirect_url) {
                redirect(answer.redirect_url);
                // Not to be pressed while the page goes.
                await new Promise(() => {});
            }
            this.state.error = answer.error;
        } catch {
            this.state.error = _t("This could not be sent. Nothing is lost: look at the connection and sign again.");
        } finally {
            restore();
        }
    }
}

registry.category("public_components").add("sales_dept_logistics.delivery_sign_form", DeliverySignForm);
