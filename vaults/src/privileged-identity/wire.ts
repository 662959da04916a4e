import { type Answer, type Explanation, type Host, type Http, type Refusal, redact } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { toBase } from './address.ts';
import type { Settings } from './settings.ts';

export const system = 'Privileged Identity';

/** An operation of the JSON v2 face. */
export type Call = <S extends z.ZodType>(
  operation: string,
  body: Readonly<Record<string, unknown>>,
  shape: S,
  options?: {
    readonly accept?: readonly number[];
    /** It does nothing more when it arrives twice. Default false. */
    readonly repeatable?: boolean;
  },
) => Promise<Answer<z.output<S>>>;

export const createCall = (host: Host, settings: Settings): Call => {
  const { apiRegistrationKey, certificateAuthorities } = settings;
  const http: Http = host.http({
    ...{ origin: toBase(settings.endpointUrl) ?? settings.endpointUrl, system, explain, isBrief: true },
    ...(certificateAuthorities !== null && { certificateAuthorities }),
    authorize: ({ headers }) => {
      if (apiRegistrationKey !== null) headers.set('APIRegistrationKey', apiRegistrationKey.reveal());
    },
  });
  return (operation, body, shape, { accept = [], repeatable = false } = {}) =>
    http.request(`/${operation}`, shape, { method: 'POST', body, accept, ...(repeatable && { retry: true }) });
};

/** The member of a body that says who asks. */
export const by = (token: Secret) => ({ AuthenticationToken: token.reveal() });

/** What a refusal says, where it is one of the vault's own. */
export const Refused = z.object({
  OperationSucceeded: z.literal(false),
  OperationMessage: z.string().max(2_000),
  ErrorCode: z.string().max(100),
  PasswordRequestID: z.union([z.string().max(200), z.number()]).nullish(),
});

/** `OperationMessage` is the token. */
export const LoggedIn = z.object({
  OperationSucceeded: z.literal(true).optional(),
  OperationMessage: z.string().min(1).max(4_000),
  ExpiresUTC: z.iso.datetime().nullish(),
});

export const Done = z.object({ OperationSucceeded: z.literal(true) });

const explain = ({ status, body }: Refusal): Explanation | undefined => {
  const said = Refused.safeParse(body).data;
  const words = said === undefined ? '' : ` It says: ${redact(said.OperationMessage).slice(0, 300)}`;
  switch (status) {
    case 401:
      return {
        kind: 'unauthorized',
        advice: `${system} refused to log in. Check API user, password and authenticator.${words}`,
      };
    case 403:
      return { kind: 'forbidden', advice: `${system} does not permit this.${words}` };
    case 404:
      return said === undefined
        ? {
            kind: 'misconfigured',
            advice: `There are no SDK web services at this address. Enter the one that ends in /ERPMWebService/AuthService.svc.`,
          }
        : { kind: 'forbidden', advice: `${system} does not have this, or does not show it to this identity.${words}` };
    case 409:
      return { kind: 'forbidden', advice: `${system} does not hand this out now.${words}` };
    case 503:
      return said && { kind: 'unreachable', advice: `${system} cannot do this at the moment.${words}` };
    default:
      return said === undefined || status >= 500 || status === 429
        ? undefined
        : { kind: 'unexpected', advice: `${system} could not do this.${words}` };
  }
};

/** A refusal that was accepted as an answer, thrown after all. */
export const refusalOf = (operation: string, status: number, said: z.output<typeof Refused>): Fault => {
  const { kind, advice } = explain({ status, body: said, headers: new Headers(), method: 'POST', path: operation }) ?? {
    kind: 'unexpected',
    advice: `${system} could not do this.`,
  };
  return new Fault(kind, advice, `POST ${operation} -> ${status} ${said.ErrorCode}`);
};
