import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { FindBanner } from "./find_banner";

/** The ticks of this list are kept by the server: a second column would confuse. */
export class FindListController extends ListController {
    static defaultProps = { ...ListController.defaultProps, allowSelectors: false };
}

export class FindListRenderer extends ListRenderer {
    static template = "prm_partner_portal.FindListRenderer";
    static components = { ...ListRenderer.components, FindBanner };
}

export class FindKanbanRenderer extends KanbanRenderer {
    static template = "prm_partner_portal.FindKanbanRenderer";
    static components = { ...KanbanRenderer.components, FindBanner };
}

registry.category("views").add("prm_find_list", {
    ...listView,
    Controller: FindListController,
    Renderer: FindListRenderer,
});

registry.category("views").add("prm_find_kanban", {
    ...kanbanView,
    Renderer: FindKanbanRenderer,
});
