import { fields } from '@gatehouse/fields';
import { z } from 'zod';
import { type Assignment, toAssignments, toTemplate } from './paths.ts';

const withAppRole = fields.object({
  method: z.literal('approle'),
  mount: fields.text('AppRole mount', 'Where the auth method is mounted, usually approle.').default('approle'),
  roleId: fields.text('Role ID', 'The role ID of the AppRole that was made for this.'),
  secretId: fields.secret('Secret ID', 'A secret ID of that AppRole. It must not be limited to a number of uses.'),
});

const withToken = fields.object({
  method: z.literal('token'),
  token: fields.secret('Token', 'A periodic token with the policies that are needed; somebody else renews it.'),
});

/** A place where an engine is mounted; where it is empty nothing of that engine is offered. */
const mount = (engine: string) =>
  fields.textOrNone(`${engine} mount`, `Where the ${engine} engine is mounted. Leave it empty to offer nothing of it.`);

const assignments = (title: string, what: string, example: string) =>
  fields
    .lines(title, `One ${what} per line as host=name, for example ${example}. A host may be *, or *.corp.example.`)
    .default('')
    .transform((text, context): readonly Assignment[] => {
      const { found, wrong } = toAssignments(text);
      for (const line of wrong)
        context.addIssue({ code: 'custom', message: `Line ${line} is not of the form host=name.`, input: text });
      return found;
    });

export const config = fields.object({
  url: fields.url('Address', 'Where OpenBao or Vault answers, for example https://bao.corp.example:8200.'),
  namespace: fields.textOrNone('Namespace', 'The namespace that everything below is in. Leave it empty for the root.'),
  signIn: fields.oneOf('method', [withAppRole, withToken]).meta({
    title: 'Sign in',
    description: 'By an AppRole, or with a token that somebody else renews.',
  }),
  certificateAuthorities: fields.certificates(
    'Certificate authorities',
    'The certificates, in PEM form, of the authority that issued the certificate of OpenBao. Leave it empty where this machine trusts it already.',
  ),
  kvMount: mount('KV version 2'),
  kvPath: fields
    .text(
      'Path of a host',
      'The folder that holds the credentials of a host. {hostname}, {person} and {username} stand for the endpoint and who asks.',
    )
    .refine((text) => toTemplate(text) !== null, 'Enter a path such as hosts/{hostname}.')
    .default('hosts/{hostname}'),
  kvUsernameField: fields
    .text('User name field', 'The field that holds the user name of a credential.')
    .default('username'),
  kvPasswordField: fields.text('Password field', 'The field that holds its password.').default('password'),
  kvPrivateKeyField: fields.text('Private key field', 'The field that holds its SSH key.').default('private_key'),
  kvPassphraseField: fields
    .text('Passphrase field', 'The field that holds the passphrase of its SSH key.')
    .default('passphrase'),
  ldapMount: mount('LDAP'),
  ldapSets: assignments('Library sets', 'library set', '*.corp.example=admins'),
  databaseMount: mount('Database'),
  databaseRoles: assignments('Dynamic roles', 'role', 'db1=readonly'),
  databaseStaticRoles: assignments('Static roles', 'static role', 'db1=app'),
  sshMount: mount('SSH'),
  sshRoles: assignments('Signing roles', 'role', '*=operators'),
  sshPrincipals: fields
    .text(
      'Principals',
      'The names that a certificate is for, with commas; the first one logs in. {username} is who asks.',
    )
    .default('{username}'),
  sshMinutes: fields
    .number('Life of a certificate', 'Minutes for which a certificate can open new sessions.', { min: 1, max: 1_440 })
    .default(5),
});

export type Settings = z.output<typeof config>;
