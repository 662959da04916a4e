import { fields } from '@gatehouse/fields';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';

const noControllers =
  'Enter the address of a domain controller, for example ldaps://dc1.corp.example. Several are separated by spaces.';

export const config = fields.object({
  controllers: fields
    .text(
      'Domain controllers',
      'Addresses of domain controllers, tried in this order: ldaps://dc1.corp.example for LDAPS (636), or ldap://dc1.corp.example where there is only LDAP (389), which is encrypted by StartTLS before anything is said.',
    )
    .refine((text) => toControllers(text) !== null, noControllers),
  bindName: fields.text(
    'Service account',
    'The account that reads: gatehouse@corp.example or CORP\\gatehouse. It needs the rights of a domain user, and read access to the Deleted Objects container.',
  ),
  password: fields.secret('Password', 'The password of the service account.'),
  // Not secret: a certificate is meant to be shown.
  certificateAuthorities: z
    .string()
    .trim()
    .max(100_000)
    .refine((text) => text === '' || text.includes('-----BEGIN CERTIFICATE-----'), 'Paste certificates in PEM form.')
    .meta({
      title: 'Certificate authorities',
      description:
        'The certificates, in PEM form, of the authority that issued the controllers’ certificates. Leave it empty where this machine trusts that authority already.',
    })
    .optional(),
  sysvol: z
    .string()
    .trim()
    .max(1_000)
    .refine(
      (text) => text === '' || /^(?:\/|\\\\|[A-Za-z]:\\)/.test(text),
      'Enter the whole path of the folder, such as \\\\corp.example\\SYSVOL\\corp.example.',
    )
    .meta({
      title: 'SYSVOL',
      description:
        'The folder in which the domain keeps the files of its policies, as the collector sees it: \\\\corp.example\\SYSVOL\\corp.example on Windows, elsewhere the folder where that share is mounted. Leave it empty to go without what policies set.',
    })
    .optional(),
});

/** As `host.ldap` wants them; a name alone means LDAPS. Null where one of them is no address. */
export const toControllers = (text: string): readonly string[] | null => {
  const urls = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((one) => URL.parse(one.includes('://') ? one : `ldaps://${one}`));
  const isRight = (url: URL | null) =>
    url !== null && /^ldaps?:$/.test(url.protocol) && url.hostname !== '' && /^\/?$/.test(url.pathname);
  if (urls.length === 0 || urls.length > 20 || !urls.every(isRight)) return null;
  return urls.flatMap((url) => (url ? [`${url.protocol}//${url.host}`] : []));
};

export const controllersOf = (text: string): readonly string[] => {
  const controllers = toControllers(text);
  if (controllers === null) throw new Fault('misconfigured', noControllers);
  return controllers;
};
