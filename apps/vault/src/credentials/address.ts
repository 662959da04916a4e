import { isIP } from 'node:net';

/** Where a system is reached. */
export interface Address {
  /** Host name in lower case, or address without brackets. */
  readonly host: string;
  /** Null: that of the kind of system. */
  readonly port: number | null;
}

/** `web1.example.com`, `10.0.0.7:2222`, `2001:db8::7`, `[2001:db8::7]:22`. Null where it is none of these. */
export const parseAddress = (text: string): Address | null => {
  const trimmed = text.trim();
  if (isIP(trimmed) === 6) return { host: trimmed.toLowerCase(), port: null };
  const [, six, four = '', digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(trimmed) ?? [];
  const host = (six ?? four).toLowerCase();
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  if (six !== undefined) return isIP(six) === 6 ? { host, port } : null;
  // What looks like four numbers is an address or a mistake, never a name.
  const isAddress = /^[\d.]+$/.test(host);
  const isName =
    host.length <= 253 &&
    /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/.test(host);
  return (isAddress ? isIP(host) === 4 : isName) ? { host: host.replace(/\.$/, ''), port } : null;
};
