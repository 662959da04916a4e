import { type Lease, quoted, type Retrieval } from '@gatehouse/vault-kit';
import { z } from 'zod';
import { Details } from './check-out.ts';
import type { PrivilegedIdentityClient } from './client.ts';
import { accountOf, checkingOf, type Named, templateRowOf, toNamedAgain } from './credential.ts';
import { readKept, type Spin } from './kept.ts';
import { by, Done } from './wire.ts';

const CheckedIn = Done.extend(Details.shape);

const Job = z.object({ OperationSucceeded: z.literal(true), JobID: z.union([z.string().max(200), z.number()]) });

/** Checks in, and has the password changed where settings and credential say so. */
export const release = async (
  client: PrivilegedIdentityClient,
  lease: Lease,
  { trace }: Pick<Retrieval, 'trace'>,
): Promise<void> => {
  const kept = readKept(lease.kept);
  const named = toNamedAgain(lease.credential);
  if (kept === null || named === null) {
    trace('nothing was asked of the vault for this lease, so nothing is checked in');
    return;
  }
  const { operation, body } = checkingOf(named);
  const wanted = [{ name: kept.as, why: 'this lease was asked for as it' }];
  const details = await client.session.asFirst(wanted, trace, async (token) => {
    const whole = { ...by(token), ...body, Comment: 'End of the session', LeaseID: lease.id };
    return (await client.call(`${operation}_CheckIn`, whole, CheckedIn, { repeatable: true })).body;
  });
  if (details === null) throw client.session.cannotAct(kept.as);
  trace(`checked in as ${quoted(kept.as)}`);
  const isSaid = details.IsRandom != null && details.AutoSpin != null;
  await spin(client, { lease, named, as: kept.as, trace }, isSaid ? { ...toSpin(named, details) } : kept.spin);
};

interface Ended {
  readonly lease: Lease;
  readonly named: Named;
  readonly as: string;
  trace(line: string): void;
}

const toSpin = (named: Named, said: z.output<typeof Details>): Spin => ({
  ...{ storeType: named[0] === 'stored' ? named[1] : 0, credentialType: said.CredentialType ?? null },
  ...{ isRandom: said.IsRandom === true, autoSpin: said.AutoSpin === true },
});

const spin = async (client: PrivilegedIdentityClient, ended: Ended, about: Spin | null): Promise<void> => {
  const { named, trace } = ended;
  const { settings, session, call } = client;
  const reason = whyNot(settings.spinJobs, named, about);
  if (reason !== null || named[0] !== 'stored' || about === null) {
    trace(`no spin job: ${reason}`);
    return;
  }
  const row = templateRowOf(about.storeType, about.credentialType);
  const template = row === null ? undefined : settings.templateJobs[row];
  const body = {
    ...accountOf(named),
    Comment: (settings.jobComment ?? 'Spin after a session of <username>').replaceAll('<username>', () => ended.as),
    LeaseID: ended.lease.id,
  };
  const operation = template === undefined ? 'AccountStoreOps_StoredCredential_Spin' : 'JobOps_CreateJobFromTemplate';
  // As the API user: people need no right to spin.
  const answer = await session.asApiUser((token) =>
    call(operation, { ...by(token), ...(template !== undefined && { TemplateJobID: template }), ...body }, Job),
  );
  const how = template === undefined ? 'by the policy of the credential' : `from the template job ${template}`;
  trace(`spin job ${quoted(String(answer.body.JobID))} made ${how}`);
};

/** Null where a spin is due. */
const whyNot = (isOn: boolean, named: Named, about: Spin | null): string | null => {
  if (!isOn) return 'the settings create none';
  if (named[0] === 'shared') return 'entries of shared lists are not managed';
  if (about === null) return 'nothing is known of what was handed out';
  if (!about.isRandom) return 'the password is not a random one';
  return about.autoSpin ? null : 'the credential is not set to auto-spin';
};
