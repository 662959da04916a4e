import type { Ssh } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import type { z } from 'zod';
import type { CustomRules as Rules } from '../api/custom-platforms.ts';
import { ChangeFault, changing, refusedNext } from './change-fault.ts';
import { type DialogueWords, runDialogue } from './custom-dialogue.ts';
import type { ManagedAccount, ManagedSystem, Platform, Proof } from './platform.ts';
import { checkPassword, passwordOf, withoutSecrets } from './proofs.ts';
import { checkUnixAccount, letsIn, quoted, withSsh } from './ssh-systems.ts';

export type CustomRules = z.output<typeof Rules>;

/** Who runs commands or answers a terminal. */
interface CustomLogin {
  readonly account: ManagedAccount;
  readonly proof: Proof;
}

/**
 * A kind of system by the rules of an administrator, over SSH. `login` signs in to verify and to change; null: the account
 * itself does, and its own sign-in is the first part of a verification. Commands get secrets on standard input, one a
 * line; a dialogue types them. A code or word of a refusal says that nothing changed; any other failure leaves that open,
 * because a system may fail after it has done its work.
 */
export const custom = (name: string, rules: CustomRules, login: CustomLogin | null): Platform => ({
  id: 'custom',
  title: name,
  proof: 'password',
  checkAccount: checkUnixAccount,

  async verify(system, account, proof, context) {
    checkUnixAccount(account);
    checkPassword(passwordOf(proof));
    if (rules.verify === null) return letsIn(system, account, proof, context, async () => undefined);
    let answer: boolean | null = null;
    const look = async (ssh: Ssh) => {
      answer = (await perform(ssh, system, account, rules, 'verify', { password: proof, next: null })) === 'done';
    };
    if (login === null) return (await letsIn(system, account, proof, context, look)) && answer === true;
    checkUnixAccount(login.account);
    await withSsh(system, login.account, login.proof, context, look);
    return answer === true;
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      checkUnixAccount(account);
      checkPassword(passwordOf(next));
      const present = by.kind === 'self' ? by.proof : by.current;
      if (present !== null) checkPassword(passwordOf(present));
      const runs: CustomLogin =
        by.kind === 'login' ? { account: by.account, proof: by.proof } : (login ?? { account, proof: by.proof });
      checkUnixAccount(runs.account);
      await withSsh(system, runs.account, runs.proof, context, async (ssh) => {
        await perform(ssh, system, account, rules, 'change', { password: present, next }, sending);
      });
    }),
});

interface Proofs {
  readonly password: Proof | null;
  readonly next: Proof | null;
}

/** Answers how it ended; a refusal of a new password is thrown. */
const perform = async (
  ssh: Ssh,
  system: ManagedSystem,
  account: ManagedAccount,
  rules: CustomRules,
  what: 'verify' | 'change',
  { password, next }: Proofs,
  sending: () => void = () => undefined,
): Promise<'done' | 'refused'> => {
  const proofs = [password, next].filter((proof) => proof !== null);
  const ended =
    rules.how === 'dialogue'
      ? await runDialogue(ssh, system, dialogueOf(rules, what), {
          words: wordsOf(account, password, next),
          sending,
          sayable: (text) => sayable(text, proofs),
        })
      : await runCommand(ssh, system, account, rules, what, { password, next }, sending);
  if (what === 'change' && ended.state === 'refused') throw refusedNext(system.name, ended.said);
  return ended.state;
};

const dialogueOf = (rules: Extract<CustomRules, { how: 'dialogue' }>, what: 'verify' | 'change') => {
  const dialogue = what === 'verify' ? rules.verify : rules.change;
  if (dialogue === null) throw new Fault('misconfigured', 'This platform has no dialogue to verify with.');
  return dialogue;
};

const wordsOf = (account: ManagedAccount, password: Proof | null, next: Proof | null): DialogueWords => ({
  account: new Secret(account.name),
  password: password === null ? null : passwordOf(password),
  next: next === null ? null : passwordOf(next),
});

const runCommand = async (
  ssh: Ssh,
  system: ManagedSystem,
  account: ManagedAccount,
  rules: Extract<CustomRules, { how: 'commands' }>,
  what: 'verify' | 'change',
  { password, next }: Proofs,
  sending: () => void,
): Promise<{ readonly state: 'done' | 'refused'; readonly said: string }> => {
  const present = password === null ? '' : passwordOf(password).reveal();
  const stdin = new Secret(next === null ? `${present}\n` : `${present}\n${passwordOf(next).reveal()}\n`);
  const line = (rules[what] ?? '').replaceAll('{account}', () => quoted(account.name));
  sending();
  const { code, stderr, stdout } = await ssh.exec(line, { stdin, timeoutMs: 60_000, maxBytes: 64 * 1024 });
  const said = sayable(
    `${stderr} ${stdout}`,
    [password, next].filter((proof) => proof !== null),
  );
  if (code === 0) return { state: 'done', said };
  if (code === rules.refusedCode) return { state: 'refused', said };
  if (what === 'change' && code === notFound)
    throw new ChangeFault('not-made', new Fault('misconfigured', `${system.name} does not have the command.`, said));
  throw new Fault(
    'unexpected',
    `The command that ${what === 'verify' ? 'verifies' : 'changes'} passwords at ${system.name} failed.`,
    `${code} ${said}`,
  );
};

const sayable = (text: string, secrets: readonly Proof[]) => withoutSecrets(text, secrets).trim().slice(0, 500);

/** Of a shell: it found nothing to run. */
const notFound = 127;
