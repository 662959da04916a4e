/** Distinguished names (RFC 4514), compared as Active Directory does: without case, without regard to how characters are escaped. */

/** The relative names, the entry's own first, as they are written. */
export const rdnsOf = (dn: string): readonly string[] => {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < dn.length; at++) {
    if (dn[at] === '\\') at++;
    else if (dn[at] === ',') {
      parts.push(dn.slice(start, at));
      start = at + 1;
    }
  }
  return dn === '' ? [] : [...parts, dn.slice(start)];
};

/** Two names are equal when their keys are. The key of an entry ends with a comma and the key of each one above it. */
export const keyOf = (dn: string): string => (simple.test(dn) ? dn.toLowerCase() : rdnsOf(dn).map(rdnKey).join(','));

/** No escapes and no spaces that do not count. */
const simple = /^(?! )(?!.*(?:\\|, | ,| $))/s;

const rdnKey = (rdn: string): string => {
  const plain = rdn
    .trim()
    .replace(/\\([0-9a-f]{2})|\\(.)/gi, (_, hex, char) =>
      hex === undefined ? String(char) : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return plain.toLowerCase().replace(/[\\,]/g, (found) => `\\${found.charCodeAt(0).toString(16)}`);
};

export const isAtOrBelow = (key: string, base: string): boolean =>
  base === '' || key === base || key.endsWith(`,${base}`);

/** The key of the entry above; empty at the top. Commas inside a name are escaped in keys as `\2c`. */
export const parentKey = (key: string): string => {
  const comma = key.indexOf(',');
  return comma < 0 ? '' : key.slice(comma + 1);
};

export const parentOf = (dn: string): string => rdnsOf(dn).slice(1).join(',');
