/**
 * Reads the registry of other machines, as the account that this process runs as.
 *
 * @throws Fault `forbidden` where a machine or a key may not be read (also where the machine is away: Windows says both
 * in its own language only), `unexpected` for an answer that is too large.
 */
export interface Registry {
  /**
   * A key of `HKEY_LOCAL_MACHINE` (`SYSTEM\CurrentControlSet\Services\Kdc`) and all keys below it, by their path below
   * it in lower case; '' is the key itself. Null where the machine has no such key.
   */
  read(machine: string, key: string): Promise<RegistryTree | null>;
}

export type RegistryTree = ReadonlyMap<string, RegistryKey>;

export interface RegistryKey {
  /** As the machine writes it, below the key that was read. */
  readonly path: string;
  /** By name in lower case; the value without a name is ''. */
  readonly values: ReadonlyMap<string, RegistryValue>;
  /** Names of values that could not be told, in lower case: they are there, and what they are is unknown. */
  readonly unclear: ReadonlySet<string>;
}

export type RegistryValue =
  | { readonly type: 'REG_SZ' | 'REG_EXPAND_SZ'; readonly text: string }
  | { readonly type: 'REG_DWORD' | 'REG_QWORD'; readonly number: number }
  | { readonly type: 'REG_MULTI_SZ'; readonly texts: readonly string[] }
  | { readonly type: 'REG_BINARY'; readonly bytes: Buffer };
