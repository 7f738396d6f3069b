const GROUPED = /^\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?$/;

/** `4,50,000.50` or `450,000.50` without the commas between its groups; any other text as it is. */
export const withoutGroups = (text: string): string => (GROUPED.test(text) ? text.replaceAll(',', '') : text);
