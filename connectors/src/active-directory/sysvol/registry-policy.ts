/** One instruction of a `registry.pol` (MS-GPREG 2.2.1). */
export interface PolicyValue {
  /** Without the hive, which follows from the part of the policy. */
  readonly key: string;
  /** `**del.Name` and the like are instructions to delete. */
  readonly name: string;
  /** As of the registry: 1 text, 4 a number of four bytes, 11 one of eight. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

export interface RegistryPolicy {
  readonly values: readonly PolicyValue[];
  /** False from where the file is not as it should be, or has more than is taken in. */
  readonly isWhole: boolean;
}

const mostValues = 20_000;
/** The longest key and name of a registry, in characters. */
const longestText = 16_384;

/** The numbers among the values that a policy sets, by their path in lower case; what it deletes is not among them. */
export const policyNumbers = ({ values }: RegistryPolicy): ReadonlyMap<string, number> => {
  const numbers = new Map<string, number>();
  for (const { key, name, type, bytes } of values) {
    const at = `${key}\\${name}`.toLowerCase();
    const deleted = /^\*\*del\.(.+)$/i.exec(name)?.[1];
    if (deleted !== undefined) numbers.delete(`${key}\\${deleted}`.toLowerCase());
    else if (/^\*\*delvals/i.test(name)) {
      for (const known of numbers.keys())
        if (known.slice(0, known.lastIndexOf('\\')) === key.toLowerCase()) numbers.delete(known);
    } else if (type === 4 && bytes.length === 4) numbers.set(at, view(bytes).getUint32(0, true));
  }
  return numbers;
};

/** `PReg`, version 1, then `[key;name;type;size;data]` in UTF-16. Never throws, and never reads outside the bytes. */
export const parseRegistryPolicy = (bytes: Uint8Array): RegistryPolicy => {
  const values: PolicyValue[] = [];
  const data = view(bytes);
  if (bytes.length < 8 || data.getUint32(0, true) !== 0x67655250 || data.getUint32(4, true) !== 1)
    return { values, isWhole: false };
  let at = 8;
  const unit = () => (at + 2 <= bytes.length ? data.getUint16(at, true) : -1);
  const take = (character: string): boolean => {
    if (unit() !== character.charCodeAt(0)) return false;
    at += 2;
    return true;
  };
  const text = (): string | null => {
    const from = at;
    while (unit() > 0 && at - from <= longestText * 2) at += 2;
    if (unit() !== 0) return null;
    const found = new TextDecoder('utf-16le').decode(bytes.subarray(from, at));
    at += 2;
    return found;
  };
  const number = (): number | null => {
    if (at + 4 > bytes.length) return null;
    at += 4;
    return data.getUint32(at - 4, true);
  };
  const next = (): PolicyValue | null => {
    if (!take('[')) return null;
    const key = text();
    if (key === null || !take(';')) return null;
    const name = text();
    if (name === null || !take(';')) return null;
    const type = number();
    if (type === null || !take(';')) return null;
    const size = number();
    if (size === null || !take(';') || at + size > bytes.length) return null;
    at += size;
    const value = { key, name, type, bytes: bytes.subarray(at - size, at) };
    return take(']') ? value : null;
  };
  while (at < bytes.length) {
    const value = values.length < mostValues ? next() : null;
    if (value === null) return { values, isWhole: false };
    values.push(value);
  }
  return { values, isWhole: true };
};

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
