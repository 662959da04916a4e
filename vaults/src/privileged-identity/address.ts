/**
 * Where the operations begin, read from any address of the web services that guides and colleagues hand around: the host
 * alone, the folder, or one of its four faces. Null for what is no address.
 */
export const toBase = (text: string): string | null => {
  const written = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `https://${written}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  if (url.username !== '' || url.password !== '') return null;
  // Another server may stand in front, with a path of its own before the folder.
  const folder = /^(.*\/ERPMWebService)(?:\/|$)/i.exec(url.pathname)?.[1] ?? '/ERPMWebService';
  return `${url.origin}${folder}/json/V2/AuthService.svc`;
};
