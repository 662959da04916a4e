/**
 * How the answers of Password Safe are read: strict about the number that a record cannot do without, lenient about the
 * rest. Versions differ in what they send and in how they write it (`SystemId`, `SystemID`), so that names are found
 * whatever their capitals, and several names for one thing are tried in their order. What is not of the kind asked for is null.
 */
export const at = (item: unknown, ...names: readonly string[]): unknown => {
  if (typeof item !== 'object' || item === null) return undefined;
  for (const name of names) {
    const found = name in item ? name : Object.keys(item).find((key) => key.toLowerCase() === name.toLowerCase());
    const value: unknown = found === undefined ? undefined : Reflect.get(item, found);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
};

/** Text that says something. A number or a flag is kept as its words. */
export const textAt = (item: unknown, ...names: readonly string[]): string | null => {
  const found = at(item, ...names);
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : null;
};

export const numberAt = (item: unknown, ...names: readonly string[]): number | null => {
  const found = textAt(item, ...names);
  return found === null || !Number.isFinite(Number(found)) ? null : Number(found);
};

export const flagAt = (item: unknown, ...names: readonly string[]): boolean | null => {
  const found = textAt(item, ...names)?.toLowerCase();
  if (found === 'true' || found === '1') return true;
  return found === 'false' || found === '0' ? false : null;
};

/** A moment. Password Safe means UTC where it names no zone, and the first day of the first year where it knows none. */
export const timeAt = (item: unknown, ...names: readonly string[]): Date | null => {
  const found = at(item, ...names);
  if (typeof found !== 'string') return null;
  const written = found.trim().replace(' ', 'T');
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(written);
  const time = new Date(hasZone || !written.includes('T') ? written : `${written}Z`);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() <= 1 ? null : time;
};

export const listAt = (item: unknown, ...names: readonly string[]): readonly unknown[] => {
  const found = at(item, ...names);
  return Array.isArray(found) ? found : [];
};
