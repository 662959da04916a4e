import type { RegistryKey, RegistryTree, RegistryValue } from './registry.ts';

/**
 * What `reg.exe query <key> /s` prints: the name of each key on a line of its own, and its values below it, indented by
 * four spaces, as name, type and data with four spaces between. Types and hives are never translated; everything else
 * (the last line, the name of the value without one) may be, and is not looked at.
 *
 * A text may have line breaks in it, so that what follows looks like values of the key. A name that comes twice is
 * therefore unclear, and so is one whose data is not of its type. `key` is what was asked for, without the hive.
 */
export const parseRegistry = (output: string, key: string): RegistryTree => {
  const keys = new Map<string, RegistryKey & { values: Map<string, RegistryValue>; unclear: Set<string> }>();
  let current: ReturnType<typeof keys.get>;
  for (const line of output.split(/\r?\n/)) {
    const path = pathOf(line, key);
    if (path !== null) {
      const made = { path, values: new Map<string, RegistryValue>(), unclear: new Set<string>() };
      // A key that comes twice is the text of a value.
      current = keys.has(path.toLowerCase()) ? undefined : made;
      if (current) keys.set(path.toLowerCase(), current);
      continue;
    }
    const found = current && toNamed(line);
    if (!current || !found) continue;
    const { name, value } = found;
    if (value === null || current.values.has(name)) current.unclear.add(name);
    else current.values.set(name, value);
    if (current.unclear.has(name)) current.values.delete(name);
  }
  return keys;
};

/** `\\CA\HKEY_LOCAL_MACHINE\SYSTEM\…\Kdc\Sub` → `Sub`; null for a line that is no key at or below the one asked for. */
const pathOf = (line: string, key: string): string | null => {
  if (line.startsWith(' ')) return null;
  const hive = /^(?:\\\\[^\\]{1,255}\\)?HKEY_LOCAL_MACHINE\\/i.exec(line)?.[0];
  if (hive === undefined) return null;
  const path = line.slice(hive.length).trimEnd();
  if (path.toLowerCase() === key.toLowerCase()) return '';
  return path.toLowerCase().startsWith(`${key.toLowerCase()}\\`) ? path.slice(key.length + 1) : null;
};

const separator = '    ';

const toNamed = (line: string): { readonly name: string; readonly value: RegistryValue | null } | null => {
  if (!line.startsWith(separator)) return null;
  // The last type on the line would be part of the data, the first is the value's own: no name has the separator before a type.
  const at = / {4}(REG_[A-Z_]{2,30})(?: {4}|$)/.exec(line.slice(separator.length));
  if (at === null) return null;
  const [mark, type = ''] = at;
  const label = line.slice(separator.length, separator.length + at.index);
  const data = line.slice(separator.length + at.index + mark.length);
  // The value without a name is shown by a word in brackets, in the language of the machine.
  const name = /^\([^()]+\)$/.test(label) ? '' : label.toLowerCase();
  return { name, value: toValue(type, data) };
};

const toValue = (type: string, data: string): RegistryValue | null => {
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return { type, text: data };
    case 'REG_DWORD':
    case 'REG_QWORD':
      return /^0x[0-9a-f]{1,13}$/i.test(data) ? { type, number: Number(data) } : null;
    case 'REG_MULTI_SZ':
      // As reg.exe writes the end of each text, in two characters.
      return { type, texts: data.split('\\0').filter((text) => text !== '') };
    case 'REG_BINARY':
      return /^(?:[0-9a-f]{2})*$/i.test(data) ? { type, bytes: Buffer.from(data, 'hex') } : null;
    default:
      return null;
  }
};
