import { serializeDateTime } from "@web/core/l10n/dates";

/** Lines of the form, saved or not, that are products. */
export function getProductLines(record) {
    return record.data.order_line.records.filter((line) => line.data.product_id);
}

/** What of the form decides on offers and their prices; ids only. */
export function getOrderAtHand(record) {
    const { data } = record;
    return {
        order_id: record.resId || false,
        pricelist_id: data.pricelist_id?.id || false,
        warehouse_id: data.warehouse_id?.id || false,
        fiscal_position_id: data.fiscal_position_id?.id || false,
        date_order: data.date_order ? serializeDateTime(data.date_order) : false,
        product_ids: [...new Set(getProductLines(record).map((line) => line.data.product_id.id))],
    };
}

/**
 * Add lines as if somebody had typed them: each goes through the onchange of a new
 * line with the values of the form, so that price, taxes and discount are Odoo's.
 *
 * @param {Object} record of the order
 * @param {{id: number, quantity: number}[]} offers
 */
export async function addOffersToOrder(record, offers) {
    const list = record.data.order_line;
    await list.leaveEditMode();
    await record.model.mutex.exec(async () => {
        const lines = await Promise.all(
            offers.map((offer) =>
                list._createNewRecordDatapoint({
                    context: {
                        default_product_id: offer.id,
                        default_product_uom_qty: offer.quantity,
                        default_prm_source: "order",
                    },
                    mode: "readonly",
                })
            )
        );
        for (const line of lines) {
            await list._addRecord(line, { position: "bottom" });
        }
        await list._onUpdate();
    });
}
