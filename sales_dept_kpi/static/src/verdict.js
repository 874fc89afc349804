import { _t } from "@web/core/l10n/translation";

/** A sign for each verdict: colours alone do not tell everybody. */
export const SIGNS = { met: "fa-check", missed: "fa-times", none: "fa-minus" };

export function verdictText(verdict) {
    return { met: _t("Met"), missed: _t("Missed"), none: _t("No verdict") }[verdict];
}
