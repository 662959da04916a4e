import type { Secret } from '@gatehouse/kernel';

const name = 'gatehouse-customer';

/** The token of a customer; scripts do not see it, and pages of other sites cannot send it along. */
export const writeCookie = (token: Secret, isHttps: boolean): string =>
  `${name}=${token.reveal()}; Path=/api/portal; HttpOnly; SameSite=Strict; Max-Age=172800${isHttps ? '; Secure' : ''}`;

export const forgetCookie = `${name}=; Path=/api/portal; HttpOnly; SameSite=Strict; Max-Age=0`;

export const readCookie = ({
  headers: { cookie = '' },
}: {
  readonly headers: { readonly cookie?: string | undefined };
}): string =>
  cookie
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? '';
