import type { Ssh } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { ChangeFault, changing, refusedBy, refusedNext } from './change-fault.ts';
import { passwdDialogue, runPasswd } from './passwd-dialogue.ts';
import type { Context, ManagedAccount, ManagedSystem, Platform, Proof } from './platform.ts';
import { checkPassword, passwordOf, withoutSecrets } from './proofs.ts';
import { checkUnixAccount, letsIn, withSsh } from './ssh-systems.ts';

/**
 * The password of an account of Linux or another Unix, over SSH. The account itself answers `passwd` on a terminal; a
 * login account feeds `chpasswd` through standard input, as root or through `sudo -n`. A password is never an argument,
 * so it is in no process list and no history. (Where sudo's `log_input` is on, sudo itself keeps it: leave that off.)
 */
export const linuxPassword: Platform = {
  id: 'linux-password',
  title: 'Linux or Unix password (SSH)',
  proof: 'password',
  checkAccount: checkUnixAccount,

  async verify(system, account, proof, context) {
    checkUnixAccount(account);
    const password: Proof = { kind: 'password', password: passwordOf(proof) };
    return letsIn(system, account, password, context, (ssh) => refuseExpired(ssh, system.name));
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      checkUnixAccount(account);
      checkPassword(passwordOf(next));
      if (by.kind === 'self') return changeOwn(system, account, by.proof, next, context, sending);
      checkUnixAccount(by.account);
      await withSsh(system, by.account, by.proof, context, (ssh) => feed(ssh, system, account, next, sending));
    }),
};

/** With a password that has expired, OpenSSH lets in by SSH's own password method and refuses every command after it. */
const refuseExpired = async (ssh: Ssh, system: string): Promise<void> => {
  // Whatever else goes wrong here comes after the sign-in, and does not count.
  const done = await ssh.exec('exit', { timeoutMs: 5_000, maxBytes: 10_000 }).catch(() => null);
  if (done !== null && /password change required/i.test(`${done.stderr}${done.stdout}`))
    throw new Fault('forbidden', `The account's password at ${system} has expired, or must be changed first.`);
};

const changeOwn = async (
  system: ManagedSystem,
  account: ManagedAccount,
  present: Proof,
  next: Proof,
  context: Context,
  sending: () => void,
): Promise<void> => {
  const current = passwordOf(present);
  const dialogue = passwdDialogue({ system: system.name, current, next: passwordOf(next), sending });
  try {
    await withSsh(
      system,
      account,
      present,
      context,
      // An expired password was changed in the middle of the sign-in already.
      async (ssh) => (dialogue.isSent() ? undefined : runPasswd(ssh, system.name, dialogue)),
      dialogue.answerer,
    );
  } catch (error) {
    throw dialogue.refusal() ?? error;
  }
};

/** One line for chpasswd. The wrapping shell makes it independent of the login shell. */
const feed = async (
  ssh: Ssh,
  system: ManagedSystem,
  account: ManagedAccount,
  next: Proof,
  sending: () => void,
): Promise<void> => {
  const line = new Secret(`${account.name}:${passwordOf(next).reveal()}\n`);
  sending();
  const { code, stderr, stdout } = await ssh.exec(chpasswd, { stdin: line, timeoutMs: 60_000, maxBytes: 64 * 1024 });
  if (code === 0) return;
  const said = withoutSecrets(`${stderr} ${stdout}`, [next]).trim();
  if (code === null) throw new Fault('unexpected', `${system.name} ended the change of the password.`, said);
  // sudo's own sentences begin with its name, and it has run nothing then.
  if (/^sudo:|not allowed to execute|a password is required|is not in the sudoers/m.test(said) || code === notRun)
    throw refusedBy(
      'forbidden',
      `The login account may not change passwords at ${system.name}. Allow it chpasswd through sudo, without a password.`,
      said,
    );
  if (/does not exist|unknown user/i.test(said))
    throw new ChangeFault('not-made', new Fault('misconfigured', `${system.name} has no account of this name.`, said));
  throw refusedNext(system.name, said);
};

const notRun = 127;
const chpasswd = `exec sh -c 'PATH="$PATH:/usr/sbin:/sbin"; if [ "$(id -u)" = 0 ]; then exec chpasswd; else exec sudo -n chpasswd; fi'`;
