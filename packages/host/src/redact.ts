/** Details are for a log line, not for a dump. */
const longest = 1_000;
const mask = '[secret]';

export const bounded = (text: string, length = longest): string =>
  text.length <= length ? text : `${text.slice(0, length)} … (${text.length} characters)`;

/** At most 4,000 characters of the text, without anything that opens a door: the strings in `known`, and what has the shape of a credential. */
export const redact = (text: string, known: Iterable<string> = []): string => {
  // Cut first: the patterns below cost time on long text, and nobody reads that much of it.
  let safe = bounded(text, 4_000);
  for (const secret of known) if (secret.length >= 6) safe = safe.replaceAll(secret, mask);
  for (const [shape, replacement] of shapes) safe = safe.replace(shape, replacement);
  return safe;
};

/**
 * True for text that holds a credential by its shape alone: a private key in PEM form, a known token format, a JWT, a
 * password or a token inside an address. Looks at the first 20,000 characters, at about a nanosecond each.
 */
export const isSecretShaped = (text: string): boolean =>
  text.length >= 20 &&
  (tokens.test(text.length <= 20_000 ? text : text.slice(0, 20_000)) ||
    (text.length >= 60 && text.includes('PRIVATE KEY-----')));

/** `clientSecret`, `private_key`, `api-token`, `password`: the last words of a name decide, so `tokenExpiresAt` is none. */
export const isSecretName = (name: string): boolean =>
  /(?:^|[\s_.-])(?:(?:pass(?:word|wd|phrase|code)|secret|token|credential|authorization|assertion|cookie|otp|api[\s_-]?key|(?:private|secret|access|shared|signing|encryption|client|license|account|storage)[\s_-]?key)s?)$/i.test(
    name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'),
  );

// Repetitions are bounded, so that text made to be slow stays cheap.
const tokens =
  /\b(?:gh[pousr]_\w{16}|github_pat_\w{16}|glpat-[\w-]{16}|xox[abeoprs]-[\w-]{10}|xapp-[\w-]{10}|[rs]k_live_\w{16}|npm_\w{30}|AIza[\w-]{30}|ya29\.[\w-]{20}|SSWS\s\S{16}|hvs\.[\w-]{20}|dop_v1_\w{20}|eyJ[\w-]{8,2000}\.[\w-]{8})|:\/\/[^\s/:@]{1,100}:[^\s/@]{4,200}@|[?&](?:access_token|client_secret|api_?key|sig|token|secret)=[^&\s]{12}/i;

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, mask],
  [/\b(Bearer|Basic|SSWS|DPoP|token)\s+[\w.~+/=-]{8,}/gi, `$1 ${mask}`],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|[rs]k_live_|npm_|AIza|ya29\.|hvs\.|dop_v1_)[\w.-]{10,}/g,
    mask,
  ],
  // `"clientSecret":"x"`, `password=x`, `access_token: x`
  [
    /((?:pass(?:word|wd|phrase)|secret|token|api_?key|private_?key|access_?key|assertion|signature)"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|[^\s&",;}]+)/gi,
    `$1${mask}`,
  ],
];
