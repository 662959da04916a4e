/**
 * Where an API begins, read from whatever address of its system people have at hand: the bare name, a page, the API
 * itself. `folder` finds the API in a path, up to its end; without one it is at `standard`. Null for what is no address.
 */
export const apiBase = (text: string, { folder, standard }: { folder: RegExp; standard: string }): string | null => {
  const written = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `https://${written}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  if (url.username !== '' || url.password !== '') return null;
  return `${url.origin}${folder.exec(url.pathname)?.[0] ?? standard}`;
};
