/** Where an app is installed, read from the address of its installation page. */
export interface Installation {
  /** The organization's login as it stands in the address. */
  readonly organization: string;
  readonly installationId: number;
  /** `https://api.github.com`, `https://api.acme.ghe.com` or `https://ghe.example/api/v3`. */
  readonly apiUrl: string;
  /** `github.com`, for lists. */
  readonly host: string;
  /** The page itself without anything that was pasted along. Where permissions are accepted. */
  readonly pageUrl: string;
}

/**
 * Reads `https://github.com/organizations/acme/settings/installations/123` as people paste it: without a scheme, with a
 * query, a trailing slash or a page below it. GitHub Enterprise Server and Enterprise Cloud with data residency are known
 * by their host; plain http is taken for loopback only. A string in return is what is wrong, for the person who pasted.
 */
export const parseInstallationUrl = (text: string): Installation | string => {
  const typed = text.trim().replaceAll(/^[<"']+|[>"']+$/g, '');
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
  if (url === null || !/^https?:$/.test(url.protocol)) return wrong('This is not a web address.');
  const isLaboratory = loopback.has(url.hostname);
  if (url.protocol === 'http:' && !isLaboratory) return wrong('The address must start with https://.');
  if (!isLaboratory && !url.hostname.includes('.')) return wrong('The address names no server.');

  const parts = url.pathname.split('/').filter((part) => part !== '');
  if (parts[0] === 'settings' && parts[1] === 'installations') {
    return (
      'This is an installation on a personal account. Install the app on the organization: open the settings of the app, ' +
      'choose Install App, pick the organization, and copy the address of the page that opens.'
    );
  }
  if (parts[0] === 'enterprises') {
    return 'This is an installation on an enterprise. Install the app on the organization and copy the address of the page that opens.';
  }
  const [first, organization = '', settings, installations, id = ''] = parts;
  if (first !== 'organizations' || settings !== 'settings' || installations !== 'installations') {
    return wrong('This is not the address of an installed app.');
  }
  if (!/^[a-z0-9](?:[a-z0-9_-]{0,99})$/i.test(organization)) return wrong('The address names no organization.');
  if (!/^[1-9]\d{0,14}$/.test(id)) return wrong('The address does not end with the number of the installation.');

  const hostname = url.hostname.replace(/^www\./, '').replace(/\.$/, '');
  const host = `${hostname}${url.port === '' ? '' : `:${url.port}`}`;
  const origin = `${url.protocol}//${host}`;
  return {
    organization,
    installationId: Number(id),
    apiUrl: apiOf(url.protocol, host, hostname),
    host,
    pageUrl: `${origin}/organizations/${organization}/settings/installations/${id}`,
  };
};

const apiOf = (protocol: string, host: string, hostname: string): string => {
  if (hostname === 'github.com') return 'https://api.github.com';
  if (/^[a-z0-9-]+\.ghe\.com$/.test(hostname)) return `https://api.${hostname}`;
  return `${protocol}//${host}/api/v3`;
};

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

const wrong = (what: string) =>
  `${what} Paste the address of the page that opens after Install, for example https://github.com/organizations/acme/settings/installations/12345678.`;
