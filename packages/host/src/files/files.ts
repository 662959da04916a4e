/**
 * Files below one folder, to be read and never written. Paths are relative to it, with `/` between names (`Policies/a.xml`;
 * empty: the folder itself). Neither `..` nor a symbolic link leads anywhere.
 *
 * @throws Fault `forbidden` for what may not be read, `unreachable` where the folder does not answer, `unexpected` for a
 * path that is none, a folder of more than 10,000 entries and a file that is too large.
 */
export interface Files {
  /** What is in a folder; null where there is no such folder. */
  list(folder: string): Promise<readonly FileEntry[] | null>;
  /** The bytes of a file of at most so many; null where there is no such file. */
  read(file: string, maxBytes: number): Promise<Buffer | null>;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}
