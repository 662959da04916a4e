import { Secret } from '@gatehouse/kernel';

/** Takes note of the cookies that an answer sets, by name. An empty one is how a cookie is taken back. */
export const keepCookies = (cookies: Map<string, Secret>, headers: Headers): void => {
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
    if (name === '') continue;
    if (value.trim() === '') cookies.delete(name);
    else cookies.set(name, new Secret(value.trim()));
  }
};

/** The value of a `Cookie` header. */
export const cookieHeader = (cookies: ReadonlyMap<string, Secret>): Secret =>
  new Secret([...cookies].map(([name, value]) => `${name}=${value.reveal()}`).join('; '));

/** Text as a header can hold it, for systems that read headers as UTF-8: one character for each byte. */
export const headerText = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
