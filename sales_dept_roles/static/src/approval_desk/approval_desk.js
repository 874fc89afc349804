import { onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ActionHelper } from "@web/views/action_helper";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

/** Where nothing waits any more: what one decided today, above the words for an empty desk. */
export class ApprovalDeskHelper extends ActionHelper {
    static template = "sales_dept_roles.ApprovalDeskHelper";

    setup() {
        this.orm = useService("orm");
        this.state = useState({ decided: [] });
        onWillStart(() => this.loadDecided());
        onWillUpdateProps(() => this.loadDecided());
    }

    async loadDecided() {
        this.state.decided = await this.orm.call("sales.approval", "decided_today", []);
    }
}

export class ApprovalDeskKanbanRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, ActionHelper: ApprovalDeskHelper };
}

export class ApprovalDeskListRenderer extends ListRenderer {
    static components = { ...ListRenderer.components, ActionHelper: ApprovalDeskHelper };
}

registry.category("views").add("approval_desk_kanban", {
    ...kanbanView,
    Renderer: ApprovalDeskKanbanRenderer,
});
registry.category("views").add("approval_desk_list", {
    ...listView,
    Renderer: ApprovalDeskListRenderer,
});
