import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/**
 * Customer files are filed; Odoo's "Archive" means a contact that is out of use. Beside each other they would be taken
 * for the same thing, so contacts are put out of use in Contacts.
 */
const withoutArchive = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.archiveEnabled = false;
        }
    };

registry.category("views").add("customer_file_list", {
    ...listView,
    Controller: withoutArchive(ListController),
});
registry.category("views").add("customer_file_kanban", {
    ...kanbanView,
    Controller: withoutArchive(KanbanController),
});

// The form asks for it each time it opens its menu.
class CustomerFileFormController extends FormController {
    get archiveEnabled() {
        return false;
    }
}

registry.category("views").add("customer_file_form", {
    ...formView,
    Controller: CustomerFileFormController,
});
