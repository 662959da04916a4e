import type { FieldSpec } from '../parts/Field.tsx';
import { choicesOf, kindTitles } from '../parts/words.ts';

const domain: readonly FieldSpec[] = [
  { name: 'domainNetbios', title: 'NetBIOS name of its domain', description: 'Such as CORP; of a domain, its own.' },
  { name: 'domainDns', title: 'DNS name of its domain', description: 'Such as corp.example.com.' },
];

const platform: FieldSpec = {
  ...{ name: 'platformId', title: 'Custom platform', kind: 'pick', of: 'platforms' },
  none: 'None: passwords are kept, and not changed',
  description: 'How its passwords are verified and changed.',
};

/** The fields of a system of this kind. */
export const systemFields = (kind: string): readonly FieldSpec[] => [
  { name: 'kind', title: 'Kind', kind: 'choice', choices: choicesOf(kindTitles), required: true },
  {
    ...{ name: 'name', title: 'Name', required: true },
    description: 'As people and programs call it, without a domain: web1.',
  },
  {
    ...{ name: 'address', title: 'Host name or IP address' },
    description: 'With a port where it has one of its own: web1.example.com:2222. Left empty: its name.',
  },
  ...(kind === 'windows' || kind === 'domain' ? domain : []),
  ...(kind === 'other' ? [platform] : []),
  { name: 'trust', title: trustTitle(kind), kind: 'lines', description: trustWords(kind) },
  {
    ...{ name: 'loginCredentialId', title: 'Log-in credential', kind: 'pick', of: 'credentials' },
    none: 'None: each account changes its own password',
    description: 'Whose rights change the passwords of the other accounts there.',
  },
  { name: 'comment', title: 'Comment', kind: 'area' },
  { name: 'assetTag', title: 'Asset tag' },
];

const isSsh = (kind: string) => kind === 'linux' || kind === 'other';

const trustTitle = (kind: string) => (isSsh(kind) ? 'Pinned host keys' : 'Trusted certificates');

const trustWords = (kind: string) =>
  isSsh(kind)
    ? 'One fingerprint a line, such as ssh-ed25519 SHA256:…; only a host with one of these keys is given a password. Left empty, the key of the first host that lets an account in is pinned. On the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'
    : `Of the server or of its authority, in PEM form. Left empty: the authorities that this machine trusts.${
        kind === 'postgresql' || kind === 'mysql' || kind === 'sqlserver'
          ? ' The word “unencrypted” lets the vault speak to it without TLS, which others can listen to.'
          : ''
      }`;
