import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// Milliseconds: who stands in a cellar checks in without a place.
const PATIENCE = 8000;

/** Where the browser says that it is; nothing when it does not say. */
function position() {
    const { geolocation } = browser.navigator;
    if (!geolocation) {
        return Promise.resolve({});
    }
    return new Promise((resolve) => {
        geolocation.getCurrentPosition(
            ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude }),
            () => resolve({}),
            { timeout: PATIENCE, maximumAge: 60000 },
        );
    });
}

/** One tap: I am at the customer's now. */
export class VisitCheckIn extends Component {
    static template = "sales_dept_roles.VisitCheckIn";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ isBusy: false });
    }

    async checkIn() {
        const { record } = this.props;
        if (this.state.isBusy || !(await record.save())) {
            return;
        }
        this.state.isBusy = true;
        try {
            const place = record.data.visit_asks_position ? await position() : {};
            await this.orm.call(record.resModel, "action_visit_check_in", [[record.resId]], place);
            await record.load();
        } finally {
            this.state.isBusy = false;
        }
    }
}

registry.category("view_widgets").add("visit_check_in", {
    component: VisitCheckIn,
    fieldDependencies: [{ name: "visit_asks_position", type: "boolean" }],
});
