import { Fault } from '@gatehouse/kernel';
import type { Cursor } from './page.ts';
import { faultOf } from './words.ts';

/** Keeps a client at the one place it was made for. */
export interface Pin {
  /** Protocol, name and port; no path. */
  readonly origin: string;
  /** A path below the base, or an absolute address of the same origin. Any other address is a Fault. */
  resolve(address: string): URL;
  /** The target of a link in the answer from `page`, as a short cursor that `resolve` understands. */
  toCursor(target: string, page: URL): Cursor;
}

export const pinTo = (system: string, home: string): Pin => {
  const base = parse(home);
  if (base === null) {
    throw new Fault('misconfigured', `The address of ${system} is not one. Enter it like https://name.example.`);
  }
  const basePath = base.pathname.replace(/\/+$/, '');

  const allow = (url: URL): URL => {
    if (url.origin === base.origin && url.username === '' && url.password === '') return url;
    throw faultOf('unexpected', system, `refused: ${url.origin} is not ${base.origin}, so nothing was sent to it`);
  };

  const resolve = (address: string): URL => {
    // Joined by hand: resolved as a relative reference, `/users` would lose the base path and `//x` would change the host.
    const absolute = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(address);
    const joined = absolute ? address : `${base.origin}${basePath}/${address.replace(/^\/+/, '')}`;
    const url = URL.parse(joined, base);
    if (url === null) throw faultOf('unexpected', system, 'refused: a link that is not an address');
    return allow(url);
  };

  return {
    origin: base.origin,
    resolve,
    toCursor(target, page) {
      // A link may be relative to the page that it stands on (RFC 8288), unlike the paths of our own callers.
      const url = URL.parse(target, page);
      if (url === null) throw faultOf('unexpected', system, 'refused: a next link that is not an address');
      // A server behind a proxy may take itself for one without TLS. Its port is the same, and it is asked as before.
      if (url.host === base.host && /^https?:$/.test(url.protocol)) url.protocol = base.protocol;
      const { pathname, search, href } = allow(url);
      return pathname.startsWith(`${basePath}/`) ? `${pathname.slice(basePath.length)}${search}` : href;
    },
  };
};

const parse = (home: string): URL | null => {
  const url = URL.parse(home);
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return plain ? url : null;
};

/** The target of `rel="next"` in a Link header (RFC 8288); null when there is none. */
export const nextLink = (header: string | null): string | null => {
  for (const [, target = '', parameters = ''] of header?.matchAll(link) ?? []) {
    for (const [, name = '', quoted, single, bare = ''] of parameters.matchAll(parameter)) {
      const relations = (quoted ?? single ?? bare).toLowerCase().split(/\s+/);
      if (name.toLowerCase() === 'rel' && relations.includes('next')) return target;
    }
  }
  return null;
};

// A parameter may have no value, and single quotes are none of the standard's but are sent.
const link = /<([^>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s;,"']+))?)*)/g;
const parameter = /;\s*([\w*-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s;,"']+)))?/g;
