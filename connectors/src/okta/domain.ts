/** What a pasted Okta address means. */
export interface Domain {
  /** `https://acme.okta.com`, or an `http://127.0.0.1:port` of a laboratory. */
  readonly origin: string;
  /** One sentence about what was mended; null when nothing was. */
  readonly note: string | null;
}

/**
 * Reads an Okta domain as people paste it: with a scheme, a path, a trailing slash, in capitals, or copied from the
 * address bar of the administrators' console (`acme-admin.okta.com`, where the API does not live).
 * Null when it is no address at all.
 */
export const cleanDomain = (text: string): Domain | null => {
  const typed = text.trim().replaceAll(/^[<"']+|[>"']+$/g, '');
  const url = parse(typed);
  if (url === null) return null;
  const isLaboratory = loopback.has(url.hostname);
  if (!isLaboratory && !url.hostname.includes('.')) return null;
  const host = url.hostname.replace(adminHost, '.$1').replace(/\.$/, '');
  const scheme = isLaboratory && url.protocol === 'http:' ? 'http' : 'https';
  const origin = `${scheme}://${host}${url.port === '' ? '' : `:${url.port}`}`;

  const mended = [
    host !== url.hostname.replace(/\.$/, '') && 'without “-admin”, which is the address of the console',
    hasScheme(typed) && !isLaboratory && 'without the scheme',
    (url.pathname !== '/' || url.search !== '' || url.hash !== '') && 'without the path',
    url.username !== '' && 'without the name in front of it',
  ].filter((part) => part !== false);
  return { origin, note: mended.length === 0 ? null : `The domain was read as ${host}: ${mended.join(', ')}.` };
};

/** The console of `acme.okta.com` is `acme-admin.okta.com`; so in every cell of Okta. A custom domain has no console. */
const adminHost = /-admin\.((?:okta|oktapreview|okta-emea|okta-gov|okta-miltest|trexcloud)\.(?:com|mil))\.?$/;

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

const parse = (typed: string): URL | null => {
  if (hasScheme(typed) && !/^https?:/i.test(typed)) return null;
  return URL.parse(hasScheme(typed) ? typed : `https://${typed}`);
};

const hasScheme = (typed: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
