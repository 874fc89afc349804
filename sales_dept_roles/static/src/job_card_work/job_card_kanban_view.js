import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

export class JobCardKanbanRenderer extends KanbanRenderer {
    /** Cards grouped by a record say nothing where there is no group: here that is who holds no post. */
    get showNoContentHelper() {
        const { isGrouped, groups } = this.props.list;
        return super.showNoContentHelper || (isGrouped && groups.length === 0);
    }
}

registry.category("views").add("job_card_kanban", {
    ...kanbanView,
    Renderer: JobCardKanbanRenderer,
});
