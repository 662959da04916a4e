/** Paths of an endpoint, which are absolute and have `/` between their parts. */
export const joinPath = (folder: string, name: string) => (folder.endsWith('/') ? folder + name : `${folder}/${name}`);

export const folderOf = (path: string) => path.slice(0, Math.max(1, path.lastIndexOf('/')));
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Every folder from the root to a path. */
export const wayOf = (path: string): readonly { readonly name: string; readonly path: string }[] => {
  const parts = path.split('/').filter(Boolean);
  return [
    { name: '/', path: '/' },
    ...parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` })),
  ];
};

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
/** "3.4 MiB" */
export const sizeOf = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1_024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
};

/** Where a file of an endpoint is read and written. */
export const contentPath = (sessionId: string, path: string, replace: boolean) =>
  `/api/console/sessions/${sessionId}/files/content?${new URLSearchParams({ path, replace: String(replace) })}`;
