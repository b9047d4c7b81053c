import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ChunkDialog } from "./chunk_dialog";

/** Takes a batch back and shows what is left of it; stopped, it can go on later. */
function undoBatch(env, { params }) {
    const { action, dialog, orm } = env.services;
    dialog.add(ChunkDialog, {
        title: _t("Undoing"),
        left: params.left,
        step: () => orm.call("prm.relationship.batch", "undo", [params.batch_id]),
        onEnd: (next) =>
            next
                ? action.doAction(next, { stackPosition: "replaceCurrentAction" })
                : action.doAction("soft_reload"),
    });
}

registry.category("actions").add("prm_partner_portal.undo_batch", undoBatch);
