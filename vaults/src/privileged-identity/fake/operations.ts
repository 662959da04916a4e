import type { VaultAnswer } from '@gatehouse/vault-kit/testing';
import type { FakeAccount, FakeState } from './state.ts';

/** The members of a body, as far as they are text or numbers. */
export type Body = Readonly<Record<string, unknown>>;

export const refusal = (status: number, ErrorCode: string, OperationMessage: string, more: Body = {}): VaultAnswer => ({
  status,
  body: { OperationSucceeded: false, OperationMessage, ErrorCode, ...more },
});

const textOf = (body: Body, name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};

const partOf = (body: Body, name: string): Body => {
  const value = body[name];
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

/** What an operation does, once it is known who asks. */
export type Operation = (state: FakeState, identity: string, body: Body) => VaultAnswer;

const done = { OperationSucceeded: true } as const;
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const invisible = refusal(404, 'not_found', 'There is no such credential, or you may not see it.');

const detailsOf = (one: FakeAccount) => ({
  ...{ AccountName: one.name, Namespace: one.namespace, SystemName: one.system, InstanceName: one.instance },
  ...{ CredentialType: one.credentialType, IsRandom: one.isRandom, AutoSpin: one.autoSpin },
});

const list: Operation = (state, identity, body) => {
  const [system, address, domain] = ['SystemName', 'IPAddress', 'Domain'].map((name) => textOf(body, name));
  const wanted = [system, address].filter((name) => name !== undefined && name !== '');
  const isOf = (one: FakeAccount) =>
    wanted.some((name) => [one.system, ...one.also].some((known) => same(known, name ?? '')));
  const found = state.accounts.filter((one) => {
    if (!one.for.includes(identity)) return false;
    if (one.kind === 'Shared') {
      return body.IncludeSharedCredentialLists === true && wanted.length > 0 && (one.system === '' || isOf(one));
    }
    return isOf(one) || (domain !== '' && one.storeType === 1 && same(one.namespace, domain ?? ''));
  });
  const ListValues = found.map((one) => ({
    ...{ Kind: one.kind, SharedCredentialListName: one.list, AccountStoreType: one.storeType, CheckedOut: false },
    ...detailsOf(one),
    ApprovalNeeded: one.approvalNeeded,
  }));
  return { body: { ListValues, Truncated: false } };
};

/** By the member that names a stored or a shared credential. */
const named = (state: FakeState, identity: string, body: Body): FakeAccount | undefined => {
  const info = partOf(body, 'AccountIdentificationInfo');
  const shared = partOf(body, 'SharedCredentialIdentifier');
  const store = partOf(info, 'AccountStore');
  return state.accounts.find((one) => {
    if (!one.for.includes(identity)) return false;
    if (one.kind === 'Shared') {
      const is = (member: string, value: string) => same(textOf(shared, member), value);
      return is('SharedCredentialListName', one.list) && is('SystemName', one.system) && is('AccountName', one.name);
    }
    return (
      same(textOf(info, 'AccountName'), `${one.namespace}\\${one.name}`) &&
      same(textOf(store, 'TargetName'), one.system) &&
      [0, one.storeType].includes(Number(store.Type ?? 0)) &&
      textOf(store, 'InstanceName') === one.instance
    );
  });
};

const checkOut: Operation = (state, identity, body) => {
  const one = named(state, identity, body);
  if (one === undefined) return invisible;
  const lease = textOf(body, 'LeaseID');
  const mine = state.checkOuts.find((out) => out.identity === identity && out.account === one && out.lease === lease);
  if (mine?.isOver) return refusal(400, 'invalid', 'LeaseID: this check-out has ended.');
  const others = state.checkOuts.find((out) => out.account === one && !out.isOver && out !== mine);
  if (others !== undefined) return refusal(409, 'checked_out', 'Somebody has it since 10:00 and until 11:00.');
  if (mine === undefined && one.approvalNeeded) {
    const asked = state.requests.filter((request) => request.identity === identity && request.account === one);
    const granted = asked.find((request) => request.state === 'Granted');
    const pending = asked.find((request) => request.state === 'Pending');
    if (granted === undefined) {
      const more = pending === undefined ? {} : { PasswordRequestID: pending.id };
      return refusal(409, 'approval_needed', 'Somebody has to grant a request first.', more);
    }
    granted.state = 'Used';
  }
  const out = mine ?? {
    ...{ id: state.checkOuts.length + 1, identity, account: one, lease, isOver: false },
    comment: textOf(body, 'Comment'),
  };
  if (mine === undefined) state.checkOuts.push(out);
  const key = one.credentialType === 'SSHKey' ? { PrivateKey: one.privateKey, Passphrase: one.password } : {};
  const Password = one.credentialType === 'SSHKey' ? '' : one.password;
  return { body: { Password, ...key, ...detailsOf(one), CheckOutID: out.id, ExpiresUTC: '2030-01-01T00:00:00.000Z' } };
};

const checkIn: Operation = (state, identity, body) => {
  const lease = textOf(body, 'LeaseID');
  for (const request of state.requests) {
    const isOpen = request.state === 'Pending' || request.state === 'Granted';
    if (isOpen && request.identity === identity && request.lease === lease) request.state = 'Withdrawn';
  }
  const out = state.checkOuts.find((one) => one.identity === identity && one.lease === lease);
  if (out === undefined) return { body: done };
  out.isOver = true;
  return { body: { ...done, ...detailsOf(out.account), CheckOutID: out.id } };
};

const job =
  (isTemplate: boolean): Operation =>
  (state, identity, body) => {
    const account = ['SystemName', 'Namespace', 'AccountName', 'InstanceName']
      .map((name) => textOf(body, name))
      .join('|');
    const lease = textOf(body, 'LeaseID');
    const before = state.jobs.find((one) => lease !== '' && one.lease === lease && one.account === account);
    if (before !== undefined) return { body: { ...done, JobID: before.id } };
    const template = isTemplate ? Number(body.TemplateJobID) : null;
    if (isTemplate && !Number.isInteger(template)) return refusal(400, 'invalid', 'TemplateJobID is missing.');
    const id = 900 + state.jobs.length;
    state.jobs.push({ id, template, by: identity, comment: textOf(body, 'Comment'), account, lease });
    return { body: { ...done, JobID: id } };
  };

const stateOf = ({ id, state }: FakeState['requests'][number]) => ({ PasswordRequestID: id, State: state });

const create: Operation = (state, identity, body) => {
  const one = state.accounts.find(
    (some) =>
      some.for.includes(identity) &&
      same(some.system, textOf(body, 'SystemName')) &&
      same(some.name, textOf(body, 'AccountName')),
  );
  if (one === undefined) return invisible;
  const lease = textOf(body, 'LeaseID');
  const before = state.requests.find((request) => request.identity === identity && request.lease === lease);
  if (before !== undefined) return { body: stateOf(before) };
  const request = { id: 70 + state.requests.length, identity, account: one, lease, grantedBy: null };
  const made = { ...request, state: 'Pending' as const };
  state.requests.push(made);
  return { body: stateOf(made) };
};

const get: Operation = (state, identity, body) => {
  const found = state.requests.find((one) => String(one.id) === textOf(body, 'PasswordRequestID'));
  return found?.identity === identity ? { body: stateOf(found) } : invisible;
};

const grant: Operation = (state, identity, body) => {
  const found = state.requests.find((one) => String(one.id) === textOf(body, 'PasswordRequestID'));
  if (found === undefined) return invisible;
  if (identity !== 'approver') return refusal(403, 'not_permitted', 'You may not grant requests.');
  if (found.identity === identity) return refusal(403, 'not_permitted', 'Nobody grants what they asked for.');
  if (found.state !== 'Pending') return refusal(400, 'invalid', `The request is ${found.state}.`);
  Object.assign(found, { state: 'Granted', grantedBy: identity });
  return { body: { ...done, ...stateOf(found) } };
};

export const operations: Readonly<Record<string, Operation>> = {
  accountstoreops_liststoredcredentials: list,
  accountstoreops_storedcredential_checkout: checkOut,
  accountstoreops_sharedcredential_checkout: checkOut,
  accountstoreops_storedcredential_checkin: checkIn,
  accountstoreops_sharedcredential_checkin: checkIn,
  accountstoreops_storedcredential_spin: job(false),
  jobops_createjobfromtemplate: job(true),
  passwordrequestops_create: create,
  passwordrequestops_get: get,
  passwordrequestops_grant: grant,
};
