import { fields } from '@gatehouse/fields';
import { z } from 'zod';
import { type Installation, parseInstallationUrl } from './installation-url.ts';

/** What a person enters to connect one organization. */
export const settings = fields.object({
  appId: z
    .string()
    .trim()
    .max(60)
    .regex(
      /^(?:\d{1,15}|Iv[0-9a-zA-Z.]{8,40})$/,
      'The App ID is a number, for example 123456. It is on the General page of the app.',
    )
    .meta({ title: 'App ID', description: 'The number that GitHub shows as App ID on the General page of the app.' }),
  privateKey: fields.secretText(
    'Private key',
    'The whole text of the .pem file that GitHub downloads when you click Generate a private key.',
  ),
  installationUrl: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .meta({
      title: 'Installed app URL',
      description:
        'The address of the page that opens after Install, for example https://github.com/organizations/acme/settings/installations/12345678. The organization and the installation are read from it.',
      format: 'uri',
    })
    .transform((text, context): Installation => {
      const read = parseInstallationUrl(text);
      if (typeof read !== 'string') return read;
      context.addIssue({ code: 'custom', message: read });
      return z.NEVER;
    }),
});

export type Settings = z.output<typeof settings>;
