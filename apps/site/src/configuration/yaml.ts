/** JSON values as YAML. Every text that could be read as anything else is quoted as JSON, which YAML takes too. */
export const toYaml = (value: unknown): string => `${block(value, 0).trimStart()}\n`;

const block = (value: unknown, depth: number): string => {
  const indent = `\n${'  '.repeat(depth)}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    return value
      .map((item) => `${indent}-${isNested(item) ? nested(item, depth + 1) : block(item, depth + 1)}`)
      .join('');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    if (entries.length === 0) return ' {}';
    return entries.map(([name, item]) => `${indent}${key(name)}:${block(item, depth + 1)}`).join('');
  }
  return ` ${typeof value === 'string' ? text(value) : String(value)}`;
};

const isNested = (item: unknown) =>
  typeof item === 'object' && item !== null && (Array.isArray(item) ? item.length > 0 : Object.keys(item).length > 0);

/** The first line of an item stands beside its dash. */
const nested = (item: unknown, depth: number): string => ` ${block(item, depth).trimStart()}`;

const key = (name: string) =>
  /^[A-Za-z_$/][A-Za-z0-9_$/{}.-]*$/.test(name) && !reserved.test(name) ? name : JSON.stringify(name);
const text = (value: string) =>
  /^[A-Za-z][A-Za-z0-9 _.-]*$/.test(value) && !reserved.test(value) && !value.endsWith(' ')
    ? value
    : JSON.stringify(value);
const reserved = /^(true|false|null|yes|no|on|off|y|n|~|\.inf|\.nan)$/i;
