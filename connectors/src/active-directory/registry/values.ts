import type { RegistryKey, RegistryTree } from '@gatehouse/host';

/** A key below the one that was read, by its path in whatever case. */
export const keyIn = (tree: RegistryTree | null, path: string): RegistryKey | undefined =>
  tree?.get(path.toLowerCase());

/** Null where it is not set, or is no number. */
export const numberIn = (key: RegistryKey | undefined, name: string): number | null => {
  const value = key?.values.get(name.toLowerCase());
  return value?.type === 'REG_DWORD' || value?.type === 'REG_QWORD' ? value.number : null;
};

export const textIn = (key: RegistryKey | undefined, name: string): string | null => {
  const value = key?.values.get(name.toLowerCase());
  return value?.type === 'REG_SZ' && value.text !== '' ? value.text : null;
};
