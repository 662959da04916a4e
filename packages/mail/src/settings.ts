import type { Sql } from '@gatehouse/database';
import { fields } from '@gatehouse/fields';
import { isHeaderText, isMailAddress, type MailAddress, type MailServer } from '@gatehouse/host';
import { Secret } from '@gatehouse/kernel';
import { problems, type Sealer } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';

/** How mail leaves a program, and whose it is. */
export const MailSettings = fields
  .object({
    server: fields.text('Server', 'The name of the SMTP server, for example smtp.corp.example.').max(253),
    port: fields.number('Port', 'Usually 587 with STARTTLS, 465 with TLS.', { min: 1, max: 65_535 }).default(587),
    security: fields
      .choice('Encryption', 'STARTTLS and TLS encrypt, or nothing is sent. None: for a relay on this machine.', [
        'starttls',
        'tls',
        'none',
      ])
      .default('starttls'),
    userName: fields.textOrNone('User name', 'What the program signs in with. Empty: the server takes mail without.'),
    password: fields.secretOrNone('Password', 'Of this user name.'),
    allowPlainPassword: fields
      .toggle('Unencrypted password', 'Lets the password go over a line without encryption, where anybody can read it.')
      .default(false),
    certificateAuthorities: fields.certificates(
      'Certificate authorities',
      'In PEM form, of the authority that issued the certificate of the server. Empty where this machine trusts it already.',
    ),
    senderAddress: fields
      .text('Sender address', 'Whose mail it is, for example support@corp.example. Answers go there.')
      .max(254)
      .refine(isMailAddress, 'Enter an address like support@corp.example.'),
    senderName: fields
      .textOrNone('Sender name', 'How the sender is shown. Empty: the address alone.')
      .refine((name) => name === null || isHeaderText(name, 100), 'One line of at most 100 characters.'),
  })
  .superRefine(({ userName, password, security, allowPlainPassword }, context) => {
    const wrong = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (userName !== null && password === null) wrong('password', 'Enter the password of this user name.');
    if (userName === null && password !== null) wrong('userName', 'Enter whose password it is, or empty it.');
    if (userName !== null && security === 'none' && !allowPlainPassword)
      wrong('security', 'The password would go over the line unencrypted. Choose STARTTLS or TLS, or allow it.');
  });
export type MailSettings = z.output<typeof MailSettings>;

type Entered = Readonly<Record<string, unknown>>;
const context = ['mail-server'];

/** Null: nothing was entered. */
export const findSettings = async (tx: Sql, sealer: Sealer): Promise<Entered | null> => {
  const { rows } = await sql<{ sealed: string }>`select sealed_settings as sealed from mail_server`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : JSON.parse(sealer.open(row.sealed, context).reveal());
};

/** What waits is tried at once. */
export const saveSettings = async (tx: Sql, sealer: Sealer, entered: Entered, at: Date): Promise<void> => {
  const sealed = sealer.seal(new Secret(JSON.stringify(entered)), context);
  await sql`insert into mail_server (sealed_settings, changed_at) values (${sealed}, ${at})
    on conflict (only_row) do update set sealed_settings = excluded.sealed_settings, changed_at = excluded.changed_at,
      problem = '', failures = 0, next_try_at = null`.execute(tx);
  await sql`update mails set next_try_at = ${at} where state = 'waiting' and next_try_at > ${at}`.execute(tx);
};

export const deleteSettings = async (tx: Sql): Promise<void> => {
  await sql`delete from mail_server`.execute(tx);
};

/** For an answer: the password says only whether it is set. */
export const showSettings = (entered: Entered): Record<string, unknown> => ({
  ...entered,
  password: { isSet: typeof entered.password === 'string' && entered.password !== '' },
});

/**
 * What was entered, with the password that was left out or sent back as it was shown; an empty one is none. It goes to no
 * other server and no other account than the one it was entered for. @throws Problem 400 that names fields
 */
export const acceptSettings = (given: Entered, previous: Entered | null): Entered => {
  const { password, ...rest } = given;
  const kept = previous?.password;
  const isKept = typeof password !== 'string' && typeof kept === 'string' && kept !== '';
  const whole = typeof password === 'string' ? given : { ...rest, ...(isKept && { password: kept }) };
  const { success, data, error } = MailSettings.safeParse(whole);
  if (!success)
    throw problems.invalid(
      error.issues.slice(0, 20).map(({ path, message }) => ({
        field: path.map(String).join('.'),
        message: /[.!?]$/.test(message) ? message : `${message}.`,
      })),
    );
  const before = previous === null ? null : MailSettings.safeParse(previous).data;
  const isElsewhere = (['server', 'port', 'userName'] as const).some((name) => data[name] !== before?.[name]);
  if (isKept && isElsewhere)
    throw problems.invalid([
      { field: 'password', message: 'Enter the password again: it was given for another server or user name.' },
    ]);
  // What was left out is kept as what it means now, whatever a later version takes for usual.
  const { port, security, allowPlainPassword } = data;
  return { ...whole, port, security, allowPlainPassword };
};

export const senderOf = ({ senderAddress, senderName }: MailSettings): MailAddress => ({
  address: senderAddress,
  ...(senderName !== null && { name: senderName }),
});

export const serverOf = (settings: MailSettings): MailServer => {
  const { server, port, security, userName, password, allowPlainPassword, certificateAuthorities } = settings;
  return {
    ...{ system: 'The mail server', host: server, port, security, allowsPlainPassword: allowPlainPassword },
    account: userName === null || password === null ? null : { name: userName, password },
    ...(certificateAuthorities !== null && { certificateAuthorities }),
  };
};
