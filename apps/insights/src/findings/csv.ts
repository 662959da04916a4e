/** One line of RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export const toCsvLine = (cells: readonly (string | null)[]): string => `${cells.map(toCell).join(',')}\r\n`;

const toCell = (value: string | null): string => {
  const text = value === null ? '' : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
