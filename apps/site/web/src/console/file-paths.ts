/** Where files are: an endpoint, or the machine of a Jump Client. */
export interface FilePlace {
  /** Of the API, without a slash at its end. */
  readonly api: string;
  readonly rules: { readonly upload: boolean; readonly download: boolean };
  /** Folders can be made there, and what is there renamed and deleted. */
  readonly isArranged: boolean;
}

/** Paths are absolute, with `/` between their parts, or as on Windows: `C:\Users`, `\\server\share`. */
const isWindows = (path: string) => /^([A-Za-z]:|\\\\)/.test(path);
const separatorOf = (path: string) => (isWindows(path) ? '\\' : '/');
const endOfFolder = (path: string) => path.lastIndexOf(separatorOf(path));

export const joinPath = (folder: string, name: string) =>
  folder.endsWith(separatorOf(folder)) ? folder + name : `${folder}${separatorOf(folder)}${name}`;
export const folderOf = (path: string) => path.slice(0, Math.max(1, endOfFolder(path)));
export const nameOf = (path: string) => path.slice(endOfFolder(path) + 1);

/** Every folder from the root to a path. */
export const wayOf = (path: string): readonly { readonly name: string; readonly path: string }[] => {
  const separator = separatorOf(path);
  const parts = path.split(separator).filter(Boolean);
  const server = path.startsWith('\\\\') ? '\\\\' : '';
  const root = isWindows(path) ? `${server}${parts.shift() ?? ''}${separator}` : '/';
  return [
    { name: root, path: root },
    ...parts.map((name, index) => ({ name, path: root + parts.slice(0, index + 1).join(separator) })),
  ];
};

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
/** "3.4 MiB" */
export const sizeOf = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1_024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
};

/** Where a file is read and written. */
export const contentPath = ({ api }: FilePlace, path: string, replace = false) =>
  `${api}/content?${new URLSearchParams({ path, ...(replace && { replace: 'true' }) })}`;
