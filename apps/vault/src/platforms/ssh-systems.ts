import { type Answerer, type HostTrust, type Ssh, sshProblemOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import type { Context, ManagedAccount, ManagedSystem, Proof } from './platform.ts';
import { checkName } from './proofs.ts';

/** Signs in to a system by SSH, and signs off when `use` has ended, however it ends. */
export const withSsh = async <T>(
  system: ManagedSystem,
  account: ManagedAccount,
  proof: Proof,
  { host }: Context,
  use: (ssh: Ssh) => Promise<T>,
  answer?: Answerer,
): Promise<T> => {
  const ssh = await host.ssh({
    ...{ host: system.address, system: system.name, account: account.name, trust: hostTrustOf(system) },
    ...(system.port !== null && { port: system.port }),
    ...(system.addresses && { addresses: system.addresses }),
    proof:
      proof.kind === 'password'
        ? { kind: 'password', password: proof.password, ...(answer && { answer }) }
        : { kind: 'key', privateKey: proof.privateKey, passphrase: proof.passphrase },
  });
  try {
    // A host that refused the account has shown nothing by which it could be known again.
    if (system.trust.kind === 'first-use') await system.trust.keep(ssh.hostKey);
    return await use(ssh);
  } finally {
    ssh.close();
  }
};

/** Signs in and out again; false where the system refuses exactly this proof. `look` may still throw. */
export const letsIn = async (
  system: ManagedSystem,
  account: ManagedAccount,
  proof: Proof,
  context: Context,
  look: (ssh: Ssh) => Promise<void>,
): Promise<boolean> => {
  try {
    await withSsh(system, account, proof, context, look);
    return true;
  } catch (error) {
    if (sshProblemOf(error) === 'refused') return false;
    throw error;
  }
};

const hostTrustOf = ({ name, trust }: ManagedSystem): HostTrust => {
  if (trust.kind === 'host-key') return { kind: 'pinned', fingerprints: trust.fingerprints };
  if (trust.kind === 'first-use') return { kind: 'first-use', onHostKey: trust.isTrusted };
  throw new Fault('misconfigured', `${name} is reached by SSH, which trusts a host key, not a certificate.`);
};

/** Names of accounts of Unix, which also stand in commands. */
export const checkUnixAccount = ({ name }: ManagedAccount): void =>
  checkName(
    name,
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/,
    '1 to 32 letters, digits, dots, dashes and underscores, not beginning with a dash or a dot.',
  );

/** As one word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
