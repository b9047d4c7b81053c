import { formatMonetary } from "@web/views/fields/formatters";

/** Whole units: what is at stake is no invoice. */
export function formatAmount(amount, currencyId) {
    return formatMonetary(amount, { currencyId, digits: [16, 0] });
}

/** Digits only: telephones differ in what else they understand. */
export function getPhoneUrl(phone) {
    return `tel:${phone.replace(/[^+0-9]/g, "")}`;
}
