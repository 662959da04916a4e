import type { Ssh } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { ChangeFault, changing, refusedNext } from './change-fault.ts';
import type { Context, ManagedAccount, ManagedSystem, Platform, Proof } from './platform.ts';
import { checkPassword, passwordOf, withoutSecrets } from './proofs.ts';
import { checkUnixAccount, quoted, withSsh } from './ssh-systems.ts';

const command = z
  .string()
  .trim()
  .min(1)
  .max(4_000)
  .regex(/^[^\p{Cc}]*$/u, 'A command is one line.')
  .refine((text) => text.includes('{account}'), 'A command names the account: {account}.')
  .refine(
    (text) => !/\{(?!account\})[a-z]*\}/i.test(text),
    'Only {account} is filled in; secrets come on standard input.',
  );

/**
 * What an administrator says about a kind of system that is not known here: two commands, run over SSH by a login
 * account. `{account}` becomes the account's name as one quoted word. Secrets come on standard input, one a line.
 */
export const CustomTemplate = z.strictObject({
  title: z.string().trim().min(1).max(100),
  /** Reads the password. Ends with 0 where it is right, with `refusedCode` where it is wrong; anything else is a failure. */
  verify: command,
  /** Reads the present password (an empty line where it is not known), then the next one. Ends with 0 when it was set. */
  change: command,
  refusedCode: z.int().min(1).max(255).default(1),
});
export type CustomTemplate = z.infer<typeof CustomTemplate>;

/** Who runs the commands. */
export interface CustomLogin {
  readonly account: ManagedAccount;
  readonly proof: Proof;
}

/**
 * A platform by a template. `refusedCode` from `change` says that the new password was refused and nothing changed; any
 * other code leaves that open, because a command may fail after it has done its work.
 */
export const custom = (template: CustomTemplate, login: CustomLogin): Platform => ({
  id: 'custom',
  title: template.title,
  proof: 'password',
  checkAccount: checkUnixAccount,

  async verify(system, account, proof, context) {
    checkUnixAccount(account);
    const password = passwordOf(proof);
    checkPassword(password);
    const input = new Secret(`${password.reveal()}\n`);
    const { code, said } = await run(system, account, login, context, template.verify, input, [proof]);
    if (code === 0) return true;
    if (code === template.refusedCode) return false;
    throw new Fault('unexpected', `The command that verifies passwords at ${system.name} failed.`, `${code} ${said}`);
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      checkUnixAccount(account);
      const password = passwordOf(next);
      checkPassword(password);
      const present = by.kind === 'self' ? by.proof : by.current;
      if (present !== null) checkPassword(passwordOf(present));
      const input = new Secret(`${present === null ? '' : passwordOf(present).reveal()}\n${password.reveal()}\n`);
      const proofs = present === null ? [next] : [present, next];
      const runs: CustomLogin = by.kind === 'self' ? login : { account: by.account, proof: by.proof };
      const { code, said } = await run(system, account, runs, context, template.change, input, proofs, sending);
      if (code === template.refusedCode) throw refusedNext(system.name, said);
      if (code === notFound)
        throw new ChangeFault(
          'not-made',
          new Fault('misconfigured', `${system.name} does not have the command.`, said),
        );
      if (code !== 0)
        throw new Fault(
          'unexpected',
          `The command that changes passwords at ${system.name} failed.`,
          `${code} ${said}`,
        );
    }),
});

const run = async (
  system: ManagedSystem,
  account: ManagedAccount,
  { account: by, proof }: CustomLogin,
  context: Context,
  text: string,
  stdin: Secret,
  secrets: readonly Proof[],
  sending: () => void = () => undefined,
): Promise<{ code: number | null; said: string }> => {
  checkUnixAccount(by);
  return withSsh(system, by, proof, context, async (ssh: Ssh) => {
    sending();
    const line = text.replaceAll('{account}', () => quoted(account.name));
    const { code, stderr, stdout } = await ssh.exec(line, { stdin, timeoutMs: 60_000, maxBytes: 64 * 1024 });
    return {
      code,
      said: withoutSecrets(`${stderr} ${stdout}`, [...secrets, proof])
        .trim()
        .slice(0, 500),
    };
  });
};

/** Of a shell: it found nothing to run. */
const notFound = 127;
