import { Fault, Secret } from '@gatehouse/kernel';
import { type Credential, type Lease, quoted, type Retrieval, type Retrieved } from '@gatehouse/vault-kit';
import { z } from 'zod';
import type { PrivilegedIdentityClient } from './client.ts';
import { accountOf, checkingOf, domainOf, kindOf, type Named, toNamedAgain } from './credential.ts';
import { type Kept, readKept, type Spin, toText } from './kept.ts';
import { identitiesOf, type Wanted } from './names.ts';
import { by, Done, Refused, refusalOf, system } from './wire.ts';

/** The members of a check-out that are not secret. */
export const Details = z.object({
  AccountName: z.string().max(500).nullish(),
  Namespace: z.string().max(500).nullish(),
  CredentialType: z.string().max(100).nullish(),
  IsRandom: z.boolean().nullish(),
  AutoSpin: z.boolean().nullish(),
});

const CheckedOut = Details.extend({
  Password: z.string().max(100_000),
  PrivateKey: z.string().max(100_000).nullish(),
  Passphrase: z.string().max(100_000).nullish(),
});
type CheckedOut = z.output<typeof CheckedOut>;

const RequestState = z.object({
  PasswordRequestID: z.union([z.string().max(200), z.number()]),
  State: z.enum(['Pending', 'Granted', 'Denied', 'Expired', 'Withdrawn', 'Used']),
});

/** Checks out, and asks for approval before that where the vault wants it. */
export const retrieve = async (
  client: PrivilegedIdentityClient,
  lease: Lease,
  { keep, trace }: Retrieval,
): Promise<Retrieved> => {
  const named = toNamedAgain(lease.credential);
  if (named === null) throw notOurs();
  // Outside of what runs again after a new log-in.
  let kept = readKept(lease.kept);
  // As the same identity as before: what it holds nobody else can give back.
  const identities: readonly Wanted[] =
    kept === null
      ? identitiesOf(lease.person, client.settings)
      : [{ name: kept.as, why: 'this lease was asked for as it before' }];
  const answer = await client.session.asFirst(identities, trace, (token, as) => {
    const write = async (more: Partial<Kept>): Promise<void> => {
      kept = { ...(kept ?? { as, request: null, spin: null }), ...more };
      await keep(toText(kept));
    };
    return checkOutOrWait({ client, lease, named, token, trace, write }, kept);
  });
  if (answer !== null) return answer;
  throw new Fault(
    'forbidden',
    `${system} knows none of the names that ${quoted(lease.person)} may have there, or lets the API user act for none.`,
  );
};

interface Turn {
  readonly client: PrivilegedIdentityClient;
  readonly lease: Lease;
  readonly named: Named;
  readonly token: Secret;
  trace(line: string): void;
  write(more: Partial<Kept>): Promise<void>;
}

const checkOutOrWait = async (turn: Turn, kept: Kept | null): Promise<Retrieved> => {
  const { client, named, trace, write } = turn;
  // Before the vault is asked: its answer may never arrive.
  if (kept === null) await write({});
  if (kept?.request && !(await isGranted(turn, kept.request))) return waiting;
  let answer = await checkOut(turn);
  if ('request' in answer) {
    const request = answer.request ?? (await ask(turn));
    await write({ request });
    if (!(await isGranted(turn, request))) return waiting;
    answer = await checkOut(turn);
    if ('request' in answer) return waiting;
  }
  const spin = client.settings.spinJobs ? toSpin(named, answer.came) : null;
  // What came is of use to a spin alone.
  const written = spin && write({ spin });
  trace(`checked out ${quoted(nameOf(named))}`);
  await written;
  return { state: 'ready', credential: toCredential(named, answer.came) };
};

const waiting: Retrieved = {
  state: 'waiting',
  advice: `Somebody has to grant the request in ${system} first.`,
  againMs: 5_000,
};

/** What came, or the request that has to be granted first: null where none has been made. */
const checkOut = async (turn: Turn): Promise<{ came: CheckedOut } | { request: string | null }> => {
  const { client, named, token } = turn;
  const { operation, body } = checkingOf(named);
  const whole = { ...by(token), ...body, ...aboutOf(turn) };
  const name = `${operation}_CheckOut`;
  const shape = z.union([Refused, CheckedOut]);
  const { status, body: said } = await client.call(name, whole, shape, { accept: [409], repeatable: true });
  if (!('ErrorCode' in said)) return { came: said };
  if (said.ErrorCode !== 'approval_needed') throw refusalOf(name, status, said);
  const { PasswordRequestID } = said;
  return { request: PasswordRequestID == null ? null : String(PasswordRequestID) };
};

/** What a check-out and a request say about the lease. */
const aboutOf = ({ client, lease }: Turn) => {
  const minutes = Math.ceil((lease.expiresAt.getTime() - client.now().getTime()) / 60_000);
  const ticket = lease.ticket === null ? '' : ` (ticket ${lease.ticket})`;
  const Comment = `${lease.reason}${ticket}, session of ${lease.person}`.slice(0, 1_000);
  return { Comment, LeaseID: lease.id, Minutes: Math.max(1, minutes) };
};

/** Asks for approval. Returns the id of the request. */
const ask = async (turn: Turn): Promise<string> => {
  const { client, named, token, trace } = turn;
  const body = { ...by(token), ...requestedOf(named), ...aboutOf(turn) };
  const answer = await client.call('PasswordRequestOps_Create', body, RequestState, { repeatable: true });
  trace(`asked for approval of ${quoted(nameOf(named))}`);
  return String(answer.body.PasswordRequestID);
};

const requestedOf = (named: Named) =>
  named[0] === 'stored'
    ? accountOf(named)
    : { SharedCredentialListName: named[1], SystemName: named[2], AccountName: named[3] };

/** Whether a request is granted; where there is a global approver, it is from now on. */
const isGranted = async ({ client, token, trace }: Turn, request: string): Promise<boolean> => {
  const { call, session, settings } = client;
  const about = { PasswordRequestID: request };
  const { body } = await call('PasswordRequestOps_Get', { ...by(token), ...about }, RequestState, { repeatable: true });
  if (body.State === 'Granted' || body.State === 'Used') return true;
  if (body.State !== 'Pending') throw ended(body.State);
  const { globalApprover } = settings;
  if (globalApprover === null) return false;
  trace(`the global approver ${quoted(globalApprover)} grants the request`);
  await session.asApprover(globalApprover, (approver) =>
    call('PasswordRequestOps_Grant', { ...by(approver), ...about, Comment: 'Granted for a session' }, Done),
  );
  return true;
};

const toSpin = (named: Named, came: CheckedOut): Spin | null =>
  named[0] === 'shared'
    ? null
    : {
        ...{ storeType: named[1], credentialType: came.CredentialType ?? null },
        ...{ isRandom: came.IsRandom === true, autoSpin: came.AutoSpin === true },
      };

const toCredential = (named: Named, came: CheckedOut): Credential => {
  const [name, namespace] = named[0] === 'stored' ? [named[4], named[3]] : [named[3], ''];
  const username = came.AccountName ?? name;
  if (kindOf(came.CredentialType) === 'password') {
    const domain = domainOf(came.Namespace ?? namespace);
    return { kind: 'password', username, domain, password: new Secret(came.Password) };
  }
  if (!came.PrivateKey) throw noKey();
  const passphrase = came.Passphrase || came.Password;
  return {
    ...{ kind: 'ssh-key', username, privateKey: new Secret(came.PrivateKey) },
    passphrase: passphrase === '' ? null : new Secret(passphrase),
  };
};

const nameOf = (named: Named): string =>
  named[0] === 'stored' ? `${named[3]}\\${named[4]}` : `${named[1]}: ${named[3]}`;

const notOurs = (): Fault =>
  new Fault('forbidden', 'This credential is not of this vault. List the credentials once more.');

const ended = (state: string): Fault =>
  new Fault('forbidden', `The request for this credential is over: ${state.toLowerCase()}. Ask for it once more.`);

const noKey = (): Fault =>
  new Fault('unexpected', `${system} handed out an SSH key without the key itself.`, 'CheckOut without PrivateKey');
