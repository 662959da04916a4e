/** The address of a Password Safe, read from what a person enters. */
export interface Address {
  /** Where the API begins: `https://pam.corp.example/BeyondTrust/api/public/v3`. */
  readonly base: string;
  /** `pam.corp.example` */
  readonly host: string;
  /** What people open. */
  readonly origin: string;
  /** What was mended, for people; null where nothing was. */
  readonly note: string | null;
}

const standardPath = '/BeyondTrust/api/public/v3';
const api = /^(.*\/api\/public\/v3)(?:\/|$)/i;

/**
 * Null for what is no address. Any page of Password Safe will do; the path counts only where it names the API, because
 * another server may stand in front, and old versions have another name for it.
 */
export const toAddress = (text: string): Address | null => {
  const written = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `https://${written}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  if (url.username !== '' || url.password !== '') return null;
  const path = api.exec(url.pathname)?.[1] ?? null;
  const isCut = path === null && url.pathname !== '/' && url.pathname !== '';
  return {
    base: `${url.origin}${path ?? standardPath}`,
    host: url.host,
    origin: url.origin,
    note: isCut ? `Read as ${url.origin}: the rest of the address is the page that was open.` : null,
  };
};
